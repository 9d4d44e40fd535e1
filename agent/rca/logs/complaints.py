"""The complaints of one log by kind: how many there were before the incident, and how many since."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC
from functools import cache

from agent.domain.investigation import Investigation, LogFile
from agent.normalize.log_line import LogLine, parsed
from agent.normalize.templates import mine
from agent.rca.known import components_of, named_in
from agent.rca.logs.frames import frame_in, is_frame
from agent.rca.once import once
from agent.rca.periods import onset_in
from agent.rca.words import Words

MOST = 20_000
"""Complaining lines of one log that are looked at: the first of them, and as many of the last."""
FOLLOWING = 60
LINE_CHARACTERS = 2000
_WORDS = (
    *("error", "exception", "fatal", "panic", "traceback", "critical", "severe", "fail", "refused", "timeout"),
    *(
        "time-out",
        "timed out",
        "unavailable",
        "deadline",
        "abort",
        "denied",
        "reset by peer",
        "slow",
        "retry",
        "retries",
    ),
    *("warn", " 500", " 502", " 503", " 504", "=500", "=502", "=503", "=504"),
)
_BENIGN = re.compile(r"\b(?:0|no) (?:errors?|failures?|failed)\b|(?:errors?|failed|failures?)[\"']?[:=] ?0\b", re.I)


@dataclass(slots=True)
class Complaint:
    """One kind of complaint of one component. `about` is another component that it names, `frame` the line of code.

    Rates are lines a second before and since onset; `first` the first line since; `expected` how many there would have
    been before, had it always come as often.
    """

    subject: str
    path: str
    template: str
    first: str
    count: int
    before: int
    rate: float
    rate_before: float
    expected: float
    about: str | None = None
    frame: str = ""
    frame_line: str = ""
    at: float | None = None
    trace: list[str] = field(default_factory=list)


@once
def complaints_of(investigation: Investigation) -> tuple[Complaint, ...]:
    """Those of all logs; none where nothing tells when it began."""
    onset = onset_in(investigation)
    if onset is None:
        return ()
    names = components_of(investigation)
    return tuple(one for log in investigation.logs for one in complaints_in(log, onset, names))


def complaints_in(log: LogFile, onset: float, names: frozenset[str]) -> Iterator[Complaint]:
    """The kinds of complaints that came up since onset, or come at least `SURGE` times as often."""
    numbers = list(_scanner().lines_in(log.lines))
    if len(numbers) > 2 * MOST:
        numbers = [*numbers[:MOST], *numbers[-MOST:]]
    numbers = [number for number in numbers if _complains(log.lines[number])]
    entries = [(number, _parsed(log.lines[number])) for number in numbers]
    timed = [(number, line) for number, line in entries if line.at is not None]
    if not timed:
        return
    span = _span(log)
    if span is None or span[1] <= onset:
        return
    seconds_before, seconds_since = max(0.0, onset - span[0]), max(1.0, span[1] - onset)
    mined = mine([line.message.split("\n", 1)[0] for _, line in timed])
    kinds: dict[int, list[int]] = {}
    for index, kind in enumerate(mined.assignment):
        kinds.setdefault(kind, []).append(index)
    for kind, members in kinds.items():
        since = [index for index in members if _at(timed[index][1]) >= onset]
        before = len(members) - len(since)
        if not since:
            continue
        number, first = timed[since[0]]
        trace = _trace(log, number)
        framed = frame_in([*trace, *(first.stack or "").split("\n")])
        told = f"{first.message} {' '.join(trace[-2:] if not framed else trace[:1])}"
        yield Complaint(
            subject=log.subject,
            path=log.path,
            template=mined.templates[kind].text,
            first=log.lines[number],
            count=len(since),
            before=before,
            rate=len(since) / seconds_since,
            rate_before=before / seconds_before if seconds_before > 0 else 0.0,
            expected=len(since) / seconds_since * seconds_before,
            about=named_in(told, names, but=log.subject),
            frame=framed[0] if framed else "",
            frame_line=framed[1] if framed else "",
            at=_at(first),
            trace=trace,
        )


def _complains(line: str) -> bool:
    head = line[:LINE_CHARACTERS]
    return not is_frame(head) and not _is_benign(head)


def _is_benign(line: str) -> bool:
    lower = line.lower()
    return ("error" in lower or "fail" in lower) and _BENIGN.search(line) is not None


@cache
def _scanner() -> Words:
    return Words(_WORDS)


def _parsed(line: str) -> LogLine:
    return parsed(line[:LINE_CHARACTERS].encode("utf-8", "replace"), zone=UTC)


def _at(line: LogLine) -> float:
    return line.at.timestamp() if line.at is not None else 0.0


def _span(log: LogFile) -> tuple[float, float] | None:
    """When the log begins and ends, by the first and last lines that have a time."""
    first = next((_at(entry) for line in log.lines[:200] if (entry := _parsed(line)).at is not None), None)
    last = next((_at(entry) for line in reversed(log.lines[-200:]) if (entry := _parsed(line)).at is not None), None)
    return None if first is None or last is None else (first, last)


def _trace(log: LogFile, number: int) -> list[str]:
    """The lines that follow without a time of their own: a stack trace, or what else belongs to the entry."""
    found = []
    for line in log.lines[number + 1 : number + 1 + FOLLOWING]:
        if _parsed(line).at is not None:
            break
        found.append(line[:LINE_CHARACTERS])
    return found
