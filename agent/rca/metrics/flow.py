"""Excess flow: how much more failing or waiting each node of a call graph saw than it does normally.

A share of failing requests says little by itself: a callee that fails one call in two but is called twice a minute
cannot explain a caller that lost a thousand requests. Requests times excess can be compared along an edge, so the
walk from the node that alerted goes to the callee that explains most of its caller's excess, as long as one explains
a fair part of it.
"""

import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from agent.domain.telemetry import Series
from agent.rca.anomaly import quantile
from agent.rca.metrics.kinds import Kind, averaging, kind_of
from agent.rca.periods import Periods

EXPLAINS = 0.3
"""The part of a caller's excess that a callee must show to be the next suspect; 0.1 to 0.7 give the same answers."""

NOTABLE = 3.0
"""Spreads from the usual value below which a node is not held to be off."""
PLENTY = 10.0
"""Spreads from which a node is surely off, where rows so far out are rare."""
RARE = 0.01
"""The share of normal rows as far out that halves the certainty."""
FLOOR = 0.001
"""The least spread, as a share of the usual value: availability may be constant when all is well."""

Edges = Iterable[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class NodeFlow:
    """The excess of one node: `worst_at` is the row that adds most to it, `usual` what would have been normal.

    `spreads` is how far that row lies from the usual value, `as_far` the share of the normal rows that lie as far.
    """

    series: Series
    excess: float
    worst_at: float
    worst: float
    usual: float
    spreads: float
    as_far: float

    @property
    def notable(self) -> bool:
        """Whether that row lies outside of what the node shows when all is well."""
        return self.spreads > NOTABLE

    @property
    def clear(self) -> float:
        """How sure it is that the node is off at all, between 0 and 1: a share of next to nothing explains nothing."""
        return min(1.0, self.spreads / PLENTY) / (1 + self.as_far / RARE)


def flows_of(series: Sequence[Series], kinds: frozenset[Kind], periods: Periods) -> dict[str, NodeFlow]:
    """The excess of each subject that has a metric of one of these kinds (errors and availability, or latency)."""
    requests = {one.subject: one for one in sorted(series, key=_preference) if kind_of(one.metric) is Kind.REQUESTS}
    usual_requests = statistics.median([value for one in requests.values() for value in one.values] or [1.0])
    found: dict[str, NodeFlow] = {}
    for one in sorted(series, key=_preference, reverse=True):
        if kind_of(one.metric) not in kinds:
            continue
        counted = requests.get(one.subject)
        by_time = dict(zip(counted.times, counted.values, strict=True)) if counted else None
        flow = _flow(one, periods, by_time, usual_requests)
        if flow is not None:
            found[one.subject] = flow
    return found


def walk(start: str, flows: Mapping[str, NodeFlow], edges: Edges) -> tuple[str, ...]:
    """The path from the alerting node to the suspect; the last one is the suspect. Cycles are walked once."""
    callees = _callees(edges)
    path = [start]
    while True:
        here = flows[path[-1]].excess if path[-1] in flows else 0.0
        next_ones = [
            callee
            for callee in callees.get(path[-1], ())
            if callee not in path and callee in flows and flows[callee].excess > max(0.0, EXPLAINS * here)
        ]
        if not next_ones:
            return tuple(path)
        path.append(max(next_ones, key=lambda callee: (flows[callee].excess, callee)))


def own_excess(flows: Mapping[str, NodeFlow], edges: Edges) -> dict[str, float]:
    """What of each node's excess its callees do not explain."""
    callees = _callees(edges)
    return {
        node: flow.excess - sum(flows[callee].excess for callee in callees.get(node, ()) if callee in flows)
        for node, flow in flows.items()
    }


def reachable(start: str, edges: Edges) -> frozenset[str]:
    """The node and all it calls, directly or not."""
    callees = _callees(edges)
    seen, todo = {start}, [start]
    while todo:
        for callee in callees.get(todo.pop(), ()):
            if callee not in seen:
                seen.add(callee)
                todo.append(callee)
    return frozenset(seen)


def _flow(
    series: Series, periods: Periods, requests: Mapping[float, float] | None, usual_requests: float
) -> NodeFlow | None:
    kind = kind_of(series.metric)
    during = periods.during(series)
    normal, before = periods.normal(series), [value for _, value in periods.before(series)]
    middles = [statistics.median(values) for values in (normal, before) if values]
    if not during or not middles:
        return None
    usual = min(middles) if kind is Kind.AVAILABILITY else max(middles)
    spread = quantile(normal or before, 0.75) - quantile(normal or before, 0.25) + FLOOR * abs(usual)
    unit = 1.0 if kind is Kind.LATENCY else _unit(series)
    terms = []
    for at, value in during:
        count = usual_requests if requests is None else requests.get(at, 0.0)
        excess = usual - value if kind is Kind.AVAILABILITY else value - usual
        terms.append((count * max(0.0, excess) / unit, at, value))
    _, worst_at, value = max(terms, key=lambda term: (term[0], -term[1]))
    far = abs(value - usual)
    spreads = far / spread if spread > 0 else (0.0 if far == 0 else PLENTY)
    as_far = sum(abs(one - usual) >= far for one in normal) / len(normal) if normal else 0.0
    return NodeFlow(series, sum(term[0] for term in terms), worst_at, value, usual, spreads, as_far)


def _unit(series: Series) -> float:
    """What a whole is: 100 where the values are percent, 1 where they are shares or counts."""
    percent = kind_of(series.metric) is Kind.AVAILABILITY or any(
        word in series.metric.lower() for word in ("percent", "pct", "availab")
    )
    return 100.0 if percent and max(series.values) > 1.0 else 1.0


def _preference(series: Series) -> tuple[int, str]:
    return averaging(series.metric), series.metric


def _callees(edges: Edges) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for caller, callee in edges:
        if callee != caller:
            found.setdefault(caller, []).append(callee)
    return found
