"""With a call graph: follow the excess flow from the component that alerted to the one that explains it."""

import dataclasses
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from agent.domain.claim import Claim
from agent.domain.investigation import Investigation
from agent.rca.metrics.asked import SLOW, kinds_asked, subject_asked
from agent.rca.metrics.cells import cell, row_quotes
from agent.rca.metrics.flow import NOTABLE, Edges, NodeFlow, flows_of, own_excess, reachable, walk
from agent.rca.metrics.kinds import Kind
from agent.rca.periods import Periods

CLAIMS = 8
BLIND = 0.5
"""What a suspect loses of its strength when none of its callees was measured: any of them could explain it."""

UNMEASURED, ITSELF = 0.4, 0.35
"""What remains of the strength when the suspect is a callee without metrics, and what its caller keeps beside it."""

SLIGHT = 1.0
"""Spreads below which the component that alerted is as usual: then it has nothing to explain."""


def claims_by_graph(investigation: Investigation, periods: Periods) -> tuple[Claim, ...]:
    """The suspect at the end of the walk, then the others by the excess that their callees do not explain."""
    for kinds in kinds_asked(investigation):
        flows = flows_of(investigation.series, kinds, periods)
        nodes = sorted({name for edge in investigation.edges for name in edge} | set(flows))
        start = subject_asked(investigation, nodes) or _entry(flows, investigation.edges)
        if start is None or start not in flows or flows[start].excess <= 0 or flows[start].spreads < SLIGHT:
            continue
        path = walk(start, flows, investigation.edges)
        if not flows[path[-1]].notable:
            continue
        own = own_excess(flows, investigation.edges)
        seen = reachable(start, investigation.edges)
        others = sorted(
            (node for node in flows if node in seen and node != path[-1] and flows[node].excess > 0),
            key=lambda node: (-own[node], node),
        )
        claims = [
            claim
            for place, node in enumerate((path[-1], *others[: CLAIMS - 1]))
            if (claim := _claim(investigation, node, place, path, flows, kinds)) is not None
        ]
        hidden = _unmeasured(path, flows, investigation.edges)
        if hidden and claims and claims[0].subject == path[-1]:
            claims = [*_blamed(claims[0], hidden), *claims[1:]]
        return tuple(claims)
    return ()


def _unmeasured(path: tuple[str, ...], flows: Mapping[str, NodeFlow], edges: Edges) -> tuple[str, ...]:
    """The callees without metrics that are likelier than the end of the walk, the likeliest first.

    What alerted seldom is the cause itself, and what only passes requests on never is. A component that calls others
    does work of its own; what calls nobody is a provider's service, of which there are many and few fail.
    """
    end = path[-1]
    callees = {callee for caller, callee in edges if caller == end and callee != end}
    hidden = callees - set(flows) - set(path)
    if callees == hidden and len(hidden) == 1:
        return tuple(hidden)
    if len(path) > 1:
        return ()
    calls = {name: sum(caller == name and callee != name for caller, callee in edges) for name in hidden}
    return tuple(sorted((name for name in hidden if calls[name]), key=lambda name: (-calls[name], name)))


def _blamed(claim: Claim, hidden: tuple[str, ...]) -> Iterator[Claim]:
    """The claim on the end of the walk, turned to its callees without metrics; its own comes last and is weaker."""
    told = claim.cause.split(". ", 1)[0]
    for place, name in enumerate(hidden[:CLAIMS]):
        yield dataclasses.replace(
            claim,
            rule="unmeasured-callee",
            subject=name,
            cause=f"{told}. None of its callees that have metrics explains it; {name}, which it calls, has none.",
            strength=round(claim.strength * UNMEASURED / (place + 1), 4),
            gaps=(f"the metrics of {name}",),
        )
    yield dataclasses.replace(claim, strength=round(claim.strength * ITSELF, 4))


def _entry(flows: dict[str, NodeFlow], edges: tuple[tuple[str, str], ...]) -> str | None:
    """The node of most excess that nobody calls; where all are called, the one of most excess."""
    called = {callee for _, callee in edges}
    entries = [node for node in flows if node not in called] or list(flows)
    return max(entries, key=lambda node: (flows[node].excess, node), default=None)


def _claim(
    investigation: Investigation,
    node: str,
    place: int,
    path: tuple[str, ...],
    flows: dict[str, NodeFlow],
    kinds: frozenset[Kind],
) -> Claim | None:
    flow = flows[node]
    value = cell(flow.series, flow.worst_at, investigation.records)
    at = datetime.fromtimestamp(flow.worst_at, UTC).isoformat().replace("+00:00", "Z")
    quotes = row_quotes(flow.series, flow.worst_at, investigation.records, f"{flow.series.metric} was {value}")
    if not quotes:
        return None
    share = min(1.0, flow.excess / flows[path[0]].excess)
    first = min(1.0, flows[path[-1]].excess / flows[path[0]].excess)
    slow = kinds == SLOW
    blind = _blind_share(path[-1], flows, investigation)
    clear = flow.clear * min(1.0, flows[path[0]].spreads / NOTABLE)
    told = f"{node}: {flow.series.metric} was {value} at {at}, usually {flow.usual:.4g}. "
    if place == 0:
        told += (
            f"It adds the delay that {path[0]} shows"
            if slow
            else f"Its requests fail, which makes those of {path[0]} fail"
        )
        told += "; no callee of it explains this." if node != path[0] else "; none of its callees explains this."
    else:
        told += "Its callees explain part of it at most."
    return Claim(
        line="metrics",
        rule="excess-flow",
        category="added-latency" if slow else "request-errors",
        subject=node,
        cause=told,
        strength=(share if place == 0 else 0.5 * min(share, first) / place) * (1 - BLIND * blind) * clear,
        evidence=quotes,
        metric=flow.series.metric,
    )


def _blind_share(node: str, flows: dict[str, NodeFlow], investigation: Investigation) -> float:
    """The share of the node's callees that have no metric of the kind."""
    callees = {callee for caller, callee in investigation.edges if caller == node and callee != node}
    return sum(callee not in flows for callee in callees) / len(callees) if callees else 0.0
