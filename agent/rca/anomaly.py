"""How unusual a stretch of values is, against a stretch held to be normal: median and interquartile range.

Both are robust: a few outliers in the normal stretch hide nothing (the score of BARO, Pham et al., FSE 2024, which
ranks metrics by it). Unlike there, the scale has a floor, because a constant series has no range at all and any
change of it would count as endless, whatever its unit.
"""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

RELATIVE_FLOOR = 0.05
UNKNOWN_FLOOR = 0.1
"""Of the largest value, where nothing else tells what is much: what was always 0 is then at most 10 spreads off."""


@dataclass(frozen=True, slots=True)
class Reference:
    """The middle and the usual spread of normal values; the spread is never 0."""

    middle: float
    scale: float


def reference_of(values: Sequence[float], beside: Sequence[float] = (), least: float = 0.0) -> Reference | None:
    """The reference of normal values, `None` without any.

    `beside` are the values judged: where the normal ones are all 0, only they can tell the unit, if `least` does not,
    the smallest spread that means anything.
    """
    if not values:
        return None
    middle = statistics.median(values)
    spread = quantile(values, 0.75) - quantile(values, 0.25)
    floor = max(RELATIVE_FLOOR * abs(middle), least)
    if spread + floor == 0:
        floor = UNKNOWN_FLOOR * max((abs(value) for value in (*values, *beside)), default=0.0) or 1.0
    return Reference(middle, spread + floor)


def score(value: float, reference: Reference) -> float:
    """The signed distance from the middle in spreads."""
    return (value - reference.middle) / reference.scale


def quantile(values: Sequence[float], share: float) -> float:
    """The value below which this share of the values lies, interpolated; the values must not be empty."""
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)
