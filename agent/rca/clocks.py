"""What the report says of clocks that do not fit each other: no cause, but it weakens what rests on order."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from agent.domain.investigation import Investigation, LogFile
from agent.normalize.clocks import Ends, in_the_future, span_skews, zone_shifts
from agent.normalize.log_line import parsed

EARLIEST, LATEST = 1971, 2199
"""Years whose times can be reckoned with in every zone."""
LOOKED_AT = 50
"""Lines at either end of a log in which a time is looked for."""


def clock_gaps(investigation: Investigation) -> tuple[str, ...]:
    """A sentence for each source whose clock is off."""
    ends = {log.path: found for log in investigation.logs if (found := _ends(log)) is not None}
    known = max(filter(None, (investigation.window.end, investigation.alert_at)), default=None)
    future = in_the_future(ends, known)
    said = [
        f"{path} ends at {last.isoformat()}, after the incident by more than a day: a clock in the future"
        for path, last in future.items()
    ]
    said += [
        f"{path} seems to be written in another time zone: its times are {_hours(shift)} from those of the other logs"
        for path, shift in zone_shifts({path: ends[path] for path in ends if path not in future}).items()
    ]
    said += [
        f"the clock of {service} is {abs(skew):g} s {'behind' if skew < 0 else 'ahead of'} its callers', by their spans"
        for service, skew in span_skews(investigation.spans).items()
    ]
    return tuple(said)


def _ends(log: LogFile) -> Ends | None:
    first = _first_time(log.lines[:LOOKED_AT])
    last = _first_time(reversed(log.lines[-LOOKED_AT:]))
    return None if first is None or last is None or last < first else (first, last)


def _first_time(lines: Iterable[str]) -> datetime | None:
    for line in lines:
        at = parsed(line[:4096].encode("utf-8", "replace"), zone=UTC).at
        if at is not None and EARLIEST <= at.year <= LATEST:
            return at.astimezone(UTC)
    return None


def _hours(shift: timedelta) -> str:
    return f"{shift.total_seconds() / 3600:+g} h"
