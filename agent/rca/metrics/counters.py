"""Counters as what they count a second: a number that only ever rises says nothing by its height."""

import itertools

from agent.domain.telemetry import Series

MIN_ROWS = 8
RISES = 0.3
"""The share of rows that must rise: a gauge that never falls is often just constant."""
RESETS = 0.02
"""The share of rows that may fall, as a counter does when its process starts again."""
NAMED = ("total", "count", "_sum", "seconds_total", "bytes_total")


def is_counter(series: Series) -> bool:
    """Whether the series rises and rises: named as a counter, or never falling however long."""
    if len(series.values) < MIN_ROWS:
        return False
    steps = [later - earlier for earlier, later in itertools.pairwise(series.values)]
    rising = sum(step > 0 for step in steps) / len(steps)
    falling = sum(step < 0 for step in steps) / len(steps)
    named = series.metric.lower().replace("-", "_").endswith(NAMED)
    return rising >= RISES and falling <= (RESETS if named else 0.0) and (named or rising > 1 - RESETS)


def as_rate(series: Series) -> Series:
    """The rise a second from row to row, at the later row's time; a reset counts from 0."""
    times, values = [], []
    for (before, low), (after, high) in itertools.pairwise(zip(series.times, series.values, strict=True)):
        if after > before:
            times.append(after)
            values.append((high - low if high >= low else high) / (after - before))
    return Series(series.subject, series.metric, tuple(times), tuple(values), series.path)
