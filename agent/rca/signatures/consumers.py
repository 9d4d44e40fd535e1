"""Consumers that fall behind: by the table of their group's lag, or because they wait for one call a message.

The calls are only asked for where the question is about messages, because a call a message is no fault in itself.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from agent.domain.claim import Claim, Quote
from agent.domain.investigation import Investigation, LogFile
from agent.normalize.kubernetes.describe import workload_of

SAMPLE = 2000
FEWEST = 20
SHARE = 0.25
"""The share of lines that start a call, from which the calls are what the consumer does."""
STRENGTH = 0.7
LAGGING = 0.85
MUCH = 10_000
"""Messages behind from which a group does not keep up: fewer may be in flight."""

_ASKED = re.compile(r"\b(?:kafka|topics?|consumers?|lag(?:s|ging)?|queues?|messages?)\b", re.IGNORECASE)
_LAG = re.compile(
    r"^(?P<group>[\w.-]+)[ \t]+(?P<topic>[\w.-]+)[ \t]+\d+[ \t]+(?P<current>\d{1,19})[ \t]+"
    r"(?P<end>\d{1,19})[ \t]+(?P<lag>\d{1,19})\b.*$",
    re.MULTILINE,
)
_CALL = re.compile(
    r"\b(?P<call>(?:sending|calling|requesting|fetching|uploading|querying|waiting for)(?: [a-z]+){1,3})\b", re.I
)


def slow_consumers(investigation: Investigation) -> tuple[Claim, ...]:
    """The groups that lag far behind, and the consumers whose log is mostly the calls they wait for."""
    return (*_lagging(investigation), *_calling(investigation))


def _lagging(investigation: Investigation) -> Iterator[Claim]:
    """One claim a group of `kafka-consumer-groups --describe` that is far behind on a topic."""
    for document in (*investigation.notes, *investigation.kubernetes):
        groups: dict[str, list[tuple[int, str, str]]] = {}
        for found in _LAG.finditer(document.text):
            if int(found["lag"]) >= MUCH and int(found["end"]) - int(found["current"]) == int(found["lag"]):
                groups.setdefault(found["group"], []).append((int(found["lag"]), found["topic"], found[0].strip()))
        for group, rows in groups.items():
            lag, topic, line = max(rows)
            nobody = re.search(r"\s-\s+-\s+-\s*$", line) is not None
            yield Claim(
                line="signatures",
                rule="group-lags",
                category="slow-consumer",
                subject=group,
                cause=(
                    f"The consumer group {group} lags {lag} messages behind on a partition of the topic {topic}"
                    + (", no consumer has that partition." if nobody else ": it consumes slower than is produced.")
                ),
                strength=LAGGING,
                evidence=(Quote(document.path, line[:400], "its lag"),),
                confirm=(f"kafka-consumer-groups.sh --bootstrap-server BROKER --describe --group {group}",),
            )


def _calling(investigation: Investigation) -> tuple[Claim, ...]:
    if not _ASKED.search(f"{investigation.title} {investigation.alert}"):
        return ()
    found = {log.subject: claim for log in investigation.logs if (claim := _claim(log)) is not None}
    return tuple(found.values())


def _claim(log: LogFile) -> Claim | None:
    lines: Sequence[str] = log.lines[-SAMPLE:]
    calls = [(found["call"], line) for line in lines if (found := _CALL.search(line[:400]))]
    if len(calls) < max(FEWEST, SHARE * len(lines)):
        return None
    call = Counter(call for call, _ in calls).most_common(1)[0][0]
    words = " ".join(word for word in call.split() if word.lower() not in {"to", "from", "for", "the", "a"})
    subject = workload_of(log.subject)
    return Claim(
        line="signatures",
        rule="call-a-message",
        category="slow-consumer",
        subject=subject,
        cause=(
            f'{subject} seems slow to process its messages: it waits for a call for each ("{words}"), '
            "so it consumes slower than is produced and its topic lags."
        ),
        strength=STRENGTH,
        evidence=(Quote(log.path, next(line for told, line in calls if told == call).strip(), "a call a message"),),
        gaps=(f"how long each call of {subject} takes and the lag of its group: kafka-consumer-groups --describe",),
    )
