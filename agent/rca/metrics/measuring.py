"""How far one series left its normal range in its bad direction, and by how much that lasts."""

import statistics
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from agent.domain.investigation import Investigation
from agent.domain.telemetry import Series
from agent.rca.anomaly import Reference, reference_of, score
from agent.rca.metrics.counters import as_rate, is_counter
from agent.rca.metrics.kinds import Kind, badness, kind_of
from agent.rca.once import once
from agent.rca.periods import Periods, periods_of

NOTABLE = 3.0
"""Spreads from the middle below which a metric is left alone."""
LASTING = 20
"""From this many rows on, a tenth of them must be as far off as the score says: a fault lasts, a spike does not."""
UNDIRECTED = 0.5
"""The weight of a metric that is bad in neither direction: traffic follows the users before it follows faults."""
PEERS = 0.02
"""The part of what the same metric usually is elsewhere that the spread is at least: next to nothing, however many
times more than before, is still next to nothing."""


@dataclass(frozen=True, slots=True)
class Anomaly:
    """How far one series went, `at` its farthest row that counts; `value` what it was then, a second if a counter."""

    series: Series
    kind: Kind
    score: float
    at: float
    value: float
    reference: Reference
    counter: bool

    @property
    def rise(self) -> float:
        """How much more than usual."""
        return self.value - self.reference.middle


@once
def measured(investigation: Investigation) -> list[Anomaly]:
    """Those of all metrics of an investigation; none where nothing was measured."""
    periods = periods_of(investigation)
    return anomalies_of(investigation.series, periods) if periods else []


def anomalies_of(series: Iterable[Series], periods: Periods) -> list[Anomaly]:
    """The notable ones."""
    judged = [(one, as_rate(one), True) if is_counter(one) else (one, one, False) for one in series]
    peers = _peers(judged, periods)
    found = (_anomaly(raw, one, periods, peers.get(raw.metric, 0.0), counter) for raw, one, counter in judged)
    return [anomaly for anomaly in found if anomaly is not None]


def anomaly_of(series: Series, periods: Periods) -> Anomaly | None:
    """How far the series went in its bad direction, if that is notable."""
    return next(iter(anomalies_of((series,), periods)), None)


def _peers(judged: Iterable[tuple[Series, Series, bool]], periods: Periods) -> Mapping[str, float]:
    """What each metric usually is where it is not 0, over all components that have it."""
    middles: dict[str, list[float]] = defaultdict(list)
    for raw, one, _ in judged:
        normal = periods.normal(one)
        if normal and (middle := abs(statistics.median(normal))) > 0:
            middles[raw.metric].append(middle)
    return {metric: statistics.median(values) for metric, values in middles.items() if len(values) > 1}


def _anomaly(raw: Series, series: Series, periods: Periods, peers: float, counter: bool) -> Anomaly | None:
    during = periods.during(series)
    reference = reference_of(periods.normal(series), [value for _, value in during], PEERS * peers)
    if reference is None or not during:
        return None
    kind = kind_of(raw.metric)
    weight = UNDIRECTED if kind in {Kind.REQUESTS, Kind.NETWORK, Kind.OTHER} else 1.0
    bad = sorted(((weight * badness(kind, score(value, reference)), -at, value) for at, value in during), reverse=True)
    far, at, value = bad[len(bad) // 10 if len(bad) >= LASTING else 0]
    return Anomaly(raw, kind, far, -at, value, reference, counter) if far >= NOTABLE else None
