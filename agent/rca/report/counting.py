"""How often a quoted line stands in its log: a hundred thousand equal lines are one, with a count and a rate."""

import dataclasses
import re
from collections.abc import Sequence
from datetime import UTC

from agent.domain.claim import Quote
from agent.domain.diagnosis import RankedCause
from agent.domain.investigation import Investigation
from agent.normalize.log_line import parsed

LINE_CHARACTERS = 2000
SHORTEST = 12
"""Characters without a digit that a line must share to be alike."""
_VARIES = re.compile(r"[^\w ]*\w*\d\w*[^\w ]*")


def with_counts(causes: tuple[RankedCause, ...], investigation: Investigation) -> tuple[RankedCause, ...]:
    """The causes, of which the first says beside each log line how many there are like it, and how often they came."""
    if not causes:
        return causes
    first, *others = causes
    evidence = tuple(_counted(quote, investigation) for quote in first.claim.evidence)
    return (dataclasses.replace(first, claim=dataclasses.replace(first.claim, evidence=evidence)), *others)


def rate_of(count: int, seconds: float) -> str:
    """How often that is, in the unit that gives a number of at least one.

    >>> rate_of(100_000, 3600), rate_of(30, 3600), rate_of(2, 7200)
    ('27.8 a second', '30 an hour', '1 an hour')
    """
    for unit, length in (("a second", 1.0), ("a minute", 60.0)):
        if count * length >= 2 * seconds:
            return f"{count * length / seconds:.3g} {unit}"
    return f"{count * 3600 / seconds:.3g} an hour"


def _counted(quote: Quote, investigation: Investigation) -> Quote:
    log = next((log for log in investigation.logs if log.path == quote.path), None)
    words = max((part.strip() for part in _VARIES.split(quote.text[:LINE_CHARACTERS])), key=len, default="")
    if log is None or len(words) < SHORTEST or "\n" in quote.text:
        return quote
    alike = [line for line in log.lines if words in line]
    if len(alike) < 2:
        return quote
    seconds = _seconds_between(alike)
    often = f", {rate_of(len(alike), seconds)}" if seconds else ""
    told = f"{len(alike):,} lines like it{often}"
    return dataclasses.replace(quote, reason=f"{quote.reason}; {told}" if quote.reason else told)


def _seconds_between(lines: Sequence[str]) -> float:
    first, last = (
        parsed(line[:LINE_CHARACTERS].encode("utf-8", "replace"), zone=UTC).at for line in (lines[0], lines[-1])
    )
    return max(0.0, (last - first).total_seconds()) if first is not None and last is not None else 0.0
