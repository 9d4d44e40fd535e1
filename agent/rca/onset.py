"""When did it begin? The one moment that splits most series into a before and an after.

Ranks stand for values, so neither units nor outliers matter; a split's worth is the share of the ranks' variance that
it explains, squared, so that one series with a clear step weighs more than many that wander.
"""

from collections import defaultdict
from collections.abc import Sequence

from agent.domain.telemetry import Series

MIN_ROWS = 5
MAX_ROWS = 100_000


def onset_of(series: Sequence[Series], start: float, end: float, latest: float) -> float | None:
    """The unix time of the first row after the split, not later than `latest`; `None` where nothing splits."""
    worth: dict[float, float] = defaultdict(float)
    for one in series:
        points = [(at, value) for at, value in zip(one.times, one.values, strict=True) if start <= at <= end]
        if not 2 * MIN_ROWS <= len(points) <= MAX_ROWS or len({value for _, value in points}) < 2:
            continue
        for at, share in _splits(points):
            if at <= latest:
                worth[at] += share * share
    if not worth:
        return None
    best = max(worth.values())
    return min(at for at, value in worth.items() if value == best)


def _splits(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """(time of the first point after, share of the ranks' variance explained) of every split."""
    ranks = _ranks([value for _, value in points])
    count = len(ranks)
    mean = sum(ranks) / count
    total = sum((rank - mean) ** 2 for rank in ranks)
    found: list[tuple[float, float]] = []
    below = 0.0
    for index in range(1, count):
        below += ranks[index - 1] - mean
        if MIN_ROWS <= index <= count - MIN_ROWS:
            found.append((points[index][0], below * below * count / (index * (count - index)) / total))
    return found


def _ranks(values: Sequence[float]) -> list[float]:
    """The place of each value among all, equal values sharing one."""
    order = sorted(range(len(values)), key=values.__getitem__)
    ranks = [0.0] * len(values)
    at = 0
    while at < len(order):
        last = at
        while last + 1 < len(order) and values[order[last + 1]] == values[order[at]]:
            last += 1
        for index in order[at : last + 1]:
            ranks[index] = (at + last) / 2
        at = last + 1
    return ranks
