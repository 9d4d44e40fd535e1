"""Without a call graph: rank the metrics by how far each left its normal range, the component by its worst one."""

from dataclasses import dataclass
from datetime import UTC, datetime

from agent.domain.claim import Claim
from agent.domain.investigation import Investigation
from agent.domain.telemetry import Series
from agent.rca.metrics.anomaly import Reference, reference_of, score
from agent.rca.metrics.cells import cell, row_quotes
from agent.rca.metrics.kinds import Kind, badness, kind_of
from agent.rca.metrics.periods import Periods

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


@dataclass(frozen=True, slots=True)
class Anomaly:
    """How far one series went, `at` its farthest row."""

    series: Series
    score: float
    at: float
    reference: Reference


def claims_by_score(investigation: Investigation, periods: Periods) -> tuple[Claim, ...]:
    """One claim a component, by the score of its worst metric."""
    found = sorted(
        (anomaly for series in investigation.series if (anomaly := anomaly_of(series, periods)) is not None),
        key=lambda anomaly: (-anomaly.score, anomaly.series.subject, anomaly.series.metric),
    )
    worst: dict[str, Anomaly] = {}
    for anomaly in found:
        worst.setdefault(anomaly.series.subject, anomaly)
    ranked = list(worst.values())[:CLAIMS]
    total = sum(anomaly.score for anomaly in ranked)
    claims = (_claim(investigation, anomaly, anomaly.score / total) for anomaly in ranked)
    return tuple(claim for claim in claims if claim is not None)


def anomaly_of(series: Series, periods: Periods) -> Anomaly | None:
    """The farthest the series went in its bad direction, if that is notable."""
    during = periods.during(series)
    reference = reference_of(periods.normal(series), [value for _, value in during])
    if reference is None or not during:
        return None
    kind = kind_of(series.metric)
    worst, at = max((badness(kind, score(value, reference)), -at) for at, value in during)
    return Anomaly(series, worst, -at, reference) if worst >= NOTABLE else None


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
