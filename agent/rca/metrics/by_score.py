"""Without a call graph: rank the components by how far their metrics left the normal range.

Which metric of a component is named is another question: one that is used up explains slow and failing requests, never
the other way round, and what allocates or reads much needs the processor too.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from agent.domain.claim import Claim
from agent.domain.investigation import Investigation
from agent.domain.telemetry import Series
from agent.rca.anomaly import Reference, reference_of, score
from agent.rca.call_graph import edges_of
from agent.rca.metrics.cells import cell, row_quotes
from agent.rca.metrics.kinds import Kind, badness, kind_of
from agent.rca.periods import Periods

CLAIMS = 8
NOTABLE = 3.0
"""Spreads from the middle below which a metric is left alone."""

CATEGORIES = {
    Kind.AVAILABILITY: "request-errors",
    Kind.ERRORS: "request-errors",
    Kind.LATENCY: "added-latency",
    Kind.CPU: "cpu-saturation",
    Kind.MEMORY: "memory-saturation",
    Kind.DISK: "disk-saturation",
    Kind.NETWORK: "network-fault",
    Kind.QUEUE: "backlog",
    Kind.REQUESTS: "load-change",
    Kind.OTHER: "metric-anomaly",
}


EXPLAINING = (
    {Kind.MEMORY, Kind.DISK},
    {Kind.CPU},
    {Kind.QUEUE, Kind.LATENCY, Kind.ERRORS, Kind.AVAILABILITY},
    {Kind.NETWORK, Kind.REQUESTS, Kind.OTHER},
)
"""The kinds of metrics, those that explain the others first."""
EXPLAINS = 0.1
"""The part of the component's highest score that a metric must reach to explain it."""
EXPLAINED = 0.3
"""The part of a caller's score that a callee must reach to be the likelier suspect."""
CALLER_DISCOUNT = 0.3
LASTING = 20
"""From this many rows on, a tenth of them must be as far off as the score says: a fault lasts, a spike does not."""
UNDIRECTED = 0.5
"""The weight of a metric that is bad in neither direction: traffic follows the users before it follows faults."""


@dataclass(frozen=True, slots=True)
class Anomaly:
    """How far one series went, `at` its farthest row."""

    series: Series
    score: float
    at: float
    reference: Reference


def claims_by_score(investigation: Investigation, periods: Periods) -> tuple[Claim, ...]:
    """One claim a component, by the score of its worst metric; it names the metric that explains most."""
    found: dict[str, list[Anomaly]] = {}
    for series in investigation.series:
        if (anomaly := anomaly_of(series, periods)) is not None:
            found.setdefault(series.subject, []).append(anomaly)
    worst = {subject: max(anomaly.score for anomaly in anomalies) for subject, anomalies in found.items()}
    scores = _with_callers_discounted(worst, edges_of(investigation))
    ranked = sorted(found, key=lambda subject: (-scores[subject], subject))[:CLAIMS]
    total = sum(scores[subject] for subject in ranked)
    claims = (_claim(investigation, explaining(found[subject]), scores[subject] / total) for subject in ranked)
    return tuple(claim for claim in claims if claim is not None)


def _with_callers_discounted(scores: Mapping[str, float], edges: frozenset[tuple[str, str]]) -> dict[str, float]:
    """The scores, less where a callee that is off too may be the reason; in a cycle the worse one keeps its score."""
    found = dict(scores)
    for caller, callee in edges:
        if scores.get(callee, 0.0) >= EXPLAINED * scores.get(caller, 0.0) > 0 and (callee, caller) not in edges:
            found[caller] = CALLER_DISCOUNT * scores[caller]
    return found


def explaining(anomalies: Sequence[Anomaly]) -> Anomaly:
    """Of one component's anomalies the one that explains the others, if it is a fair part of the worst."""
    ordered = sorted(anomalies, key=lambda anomaly: (-anomaly.score, anomaly.series.metric))
    fair = [anomaly for anomaly in ordered if anomaly.score >= EXPLAINS * ordered[0].score]
    kinds = [kind_of(anomaly.series.metric) for anomaly in fair]
    return next(one for tier in EXPLAINING for one, kind in zip(fair, kinds, strict=True) if kind in tier)


def anomaly_of(series: Series, periods: Periods) -> Anomaly | None:
    """How far the series went in its bad direction, if that is notable."""
    during = periods.during(series)
    reference = reference_of(periods.normal(series), [value for _, value in during])
    if reference is None or not during:
        return None
    kind = kind_of(series.metric)
    weight = UNDIRECTED if kind in {Kind.REQUESTS, Kind.NETWORK, Kind.OTHER} else 1.0
    bad = sorted(((weight * badness(kind, score(value, reference)), -at) for at, value in during), reverse=True)
    far, at = bad[len(bad) // 10 if len(bad) >= LASTING else 0]
    return Anomaly(series, far, -at, reference) if far >= NOTABLE else None


def _claim(investigation: Investigation, anomaly: Anomaly, strength: float) -> Claim | None:
    series = anomaly.series
    value = cell(series, anomaly.at, investigation.records)
    quotes = row_quotes(series, anomaly.at, investigation.records, f"{series.metric} was {value}")
    if not quotes:
        return None
    at = datetime.fromtimestamp(anomaly.at, UTC).isoformat().replace("+00:00", "Z")
    return Claim(
        line="metrics",
        rule="robust-score",
        category=CATEGORIES[kind_of(series.metric)],
        subject=series.subject,
        cause=(
            f"{series.subject}: {series.metric} was {value} at {at}, usually {anomaly.reference.middle:.4g}: "
            f"{anomaly.score:.0f} times its usual spread away."
        ),
        strength=strength,
        evidence=quotes,
        metric=series.metric,
    )
