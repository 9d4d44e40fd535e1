"""A consumer that waits for one outward call a message: slower than what is produced, so its topic lags.

Only asked where the question is about messages, because a call a message is no fault in itself.
"""

import re
from collections import Counter
from collections.abc import Sequence

from agent.domain.claim import Claim, Quote
from agent.domain.investigation import Investigation, LogFile
from agent.normalize.kubernetes.describe import workload_of

SAMPLE = 2000
FEWEST = 20
SHARE = 0.25
"""The share of lines that start a call, from which the calls are what the consumer does."""
STRENGTH = 0.7

_ASKED = re.compile(r"\b(?:kafka|topics?|consumers?|lag(?:s|ging)?|queues?|messages?)\b", re.IGNORECASE)
_CALL = re.compile(
    r"\b(?P<call>(?:sending|calling|requesting|fetching|uploading|querying|waiting for)(?: [a-z]+){1,3})\b", re.I
)


def slow_consumers(investigation: Investigation) -> tuple[Claim, ...]:
    """The consumers whose log is mostly the calls they wait for."""
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
