"""Whose clock is off: sources of one incident whose times do not fit those of the others, with by how much.

A log that begins and ends the same span of half hours away from all others is written in another time zone; one whose
service died only ends early. A service whose spans lie outside of the spans that called them has another clock.
"""

import statistics
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice

from agent.domain.telemetry import Span

ZONE_STEP = timedelta(minutes=30)
SLACK = timedelta(minutes=3)
MOST_ZONES = timedelta(hours=14)
FEWEST_SOURCES = 3
FEWEST_CALLS = 5
SHARE_OUTSIDE = 0.8
"""From this share of calls that begin before their caller did on, the clocks differ."""
FUTURE = timedelta(days=1)

Ends = tuple[datetime, datetime]


def zone_shifts(ends: Mapping[str, Ends]) -> dict[str, timedelta]:
    """How far each source is from the middle of the others, where that looks like another time zone."""
    found: dict[str, timedelta] = {}
    if len(ends) < FEWEST_SOURCES:
        return found
    firsts = statistics.median(first.timestamp() for first, _ in ends.values())
    lasts = statistics.median(last.timestamp() for _, last in ends.values())
    for source, (first, last) in sorted(ends.items()):
        begins, finishes = timedelta(seconds=first.timestamp() - firsts), timedelta(seconds=last.timestamp() - lasts)
        steps = round(begins / ZONE_STEP)
        shift = steps * ZONE_STEP
        if steps and abs(shift) <= MOST_ZONES and abs(begins - shift) <= SLACK and abs(finishes - shift) <= SLACK:
            found[source] = shift
    return found


def in_the_future(ends: Mapping[str, Ends], known: datetime | None) -> dict[str, datetime]:
    """The sources whose last time lies more than a day after the last that is known to have been."""
    if known is None:
        return {}
    return {source: last for source, (_, last) in sorted(ends.items()) if last - known > FUTURE}


def span_skews(spans: Sequence[Span]) -> dict[str, float]:
    """Seconds by which a service's clock is before (negative) or after its callers', where most calls show it."""
    by_id = {span.span_id: span for span in islice(spans, 200_000)}
    offsets: dict[str, list[float]] = defaultdict(list)
    outside: dict[str, int] = defaultdict(int)
    for span in by_id.values():
        caller = by_id.get(span.parent_id or "")
        if caller is None or caller.service == span.service:
            continue
        slack = (caller.duration_ms - span.duration_ms) / 1000
        if slack < 0:
            continue
        offset = span.start - caller.start
        offsets[span.service].append(offset - slack / 2)
        outside[span.service] += not 0 <= offset <= slack
    return {
        service: round(statistics.median(values), 3)
        for service, values in sorted(offsets.items())
        if len(values) >= FEWEST_CALLS and outside[service] >= SHARE_OUTSIDE * len(values)
    }
