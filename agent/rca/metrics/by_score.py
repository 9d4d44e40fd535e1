"""Without a call graph: rank the components by how far their metrics left the normal range.

Which metric of a component is named is another question: one that is used up explains slow and failing requests, never
the other way round, and what allocates or reads much needs the processor too.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from agent.domain.claim import Claim
from agent.domain.investigation import Investigation
from agent.rca.call_graph import edges_of
from agent.rca.metrics.cells import cell, row_quotes
from agent.rca.metrics.kinds import Kind, tail_of
from agent.rca.metrics.measuring import Anomaly, measured

CLAIMS = 8
PLENTY = 10.0
"""Spreads from the middle from which a metric is surely off: what is less may be an unusual hour, even alone."""

CATEGORIES = {
    Kind.AVAILABILITY: "request-errors",
    Kind.ERRORS: "request-errors",
    Kind.LATENCY: "added-latency",
    Kind.CPU: "cpu-saturation",
    Kind.MEMORY: "memory-saturation",
    Kind.DISK: "disk-saturation",
    Kind.NETWORK: "network-fault",
    Kind.QUEUE: "backlog",
    Kind.HANDLES: "file-handles",
    Kind.REQUESTS: "load-change",
    Kind.OTHER: "metric-anomaly",
}


EXPLAINING = (
    {Kind.MEMORY, Kind.DISK},
    {Kind.HANDLES},
    {Kind.CPU},
    {Kind.QUEUE, Kind.LATENCY, Kind.ERRORS, Kind.AVAILABILITY},
    {Kind.NETWORK, Kind.REQUESTS, Kind.OTHER},
)
"""The kinds of metrics, those that explain the others first."""
EXPLAINS = 0.1
"""The part of the component's highest score that a metric must reach to explain it."""
HANDLES_EXPLAIN = 0.4
"""That of sockets and threads, of which there are more wherever requests wait."""
MUCH_MEMORY = 64 * 1024 * 1024
BYTES = 1e5
"""Memory is told in bytes where it usually is at least this."""
GREW = 1.25
"""Memory that grew so much, by `MUCH_MEMORY`, explains whatever it did to the processor."""
EVEN = 0.4
"""A middle that is so near to its tail in score is named before it: all requests are slower, not a few."""
EXPLAINED = 0.3
"""The part of a caller's score that a callee must reach to be the likelier suspect."""
CALLER_DISCOUNT = 0.3


def claims_by_score(investigation: Investigation) -> tuple[Claim, ...]:
    """One claim a component, by the score of its worst metric; it names the metric that explains most."""
    found: dict[str, list[Anomaly]] = {}
    for anomaly in measured(investigation):
        found.setdefault(anomaly.series.subject, []).append(anomaly)
    worst = {subject: max(anomaly.score for anomaly in anomalies) for subject, anomalies in found.items()}
    scores = _with_callers_discounted(worst, edges_of(investigation))
    ranked = sorted(found, key=lambda subject: (-scores[subject], subject))[:CLAIMS]
    total = sum(scores[subject] for subject in ranked)
    claims = (
        _claim(investigation, explaining(found[subject]), scores[subject] / total * min(1.0, worst[subject] / PLENTY))
        for subject in ranked
    )
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
    best = ordered[0].score
    fair = [one for one in ordered if one.score >= _least(one.kind) * best or _much_memory(one)]
    first = next(one for tier in EXPLAINING for one in fair if one.kind in tier)
    if first.kind is not Kind.LATENCY:
        return first
    slow = [one for one in fair if one.kind is Kind.LATENCY and one.score >= EVEN * first.score]
    return min(slow, key=lambda one: (tail_of(one.series.metric), -one.score, one.series.metric))


def _least(kind: Kind) -> float:
    return HANDLES_EXPLAIN if kind is Kind.HANDLES else EXPLAINS


def _much_memory(anomaly: Anomaly) -> bool:
    usual = anomaly.reference.middle
    return anomaly.kind is Kind.MEMORY and usual >= BYTES and anomaly.value >= max(GREW * usual, usual + MUCH_MEMORY)


def _claim(investigation: Investigation, anomaly: Anomaly, strength: float) -> Claim | None:
    series = anomaly.series
    value = cell(series, anomaly.at, investigation.records)
    quotes = row_quotes(series, anomaly.at, investigation.records, f"{series.metric} was {value}")
    if not quotes:
        return None
    at = datetime.fromtimestamp(anomaly.at, UTC).isoformat().replace("+00:00", "Z")
    told = f"{series.subject}: {series.metric} was {value} at {at}, usually {anomaly.reference.middle:.4g}"
    if anomaly.counter:
        rise = f"rose by {anomaly.value:.4g} a second, usually {anomaly.reference.middle:.4g}"
        told = f"{series.subject}: {series.metric} ({value} at {at}) {rise}"
    return Claim(
        line="metrics",
        rule="robust-score",
        category=CATEGORIES[anomaly.kind],
        subject=series.subject,
        cause=f"{told}: {anomaly.score:.0f} times its usual spread away.",
        strength=strength,
        evidence=quotes,
        metric=series.metric,
    )
