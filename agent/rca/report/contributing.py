"""What made the incident possible or worse and is not its cause: no headroom, no probe, one replica, no limit."""

from collections.abc import Iterator

from agent.domain.claim import HEALTHY, Quote, Statement
from agent.domain.diagnosis import RankedCause
from agent.domain.investigation import Investigation
from agent.normalize.kubernetes.describe import workload_of
from agent.normalize.kubernetes.shapes import Pods
from agent.rca.cluster.seen import quotes_of, shapes_in

MOST = 6


def contributing_in(investigation: Investigation, top: RankedCause) -> tuple[Statement, ...]:
    """The factors around the first cause's component, each with what shows it."""
    if top.claim.category == HEALTHY:
        return ()
    found: dict[str, Statement] = {}
    for pods in shapes_in(investigation).pods:
        if workload_of(pods.name) == workload_of(top.claim.subject.rsplit("/", 1)[-1]):
            for one in _of(pods, investigation, top):
                found.setdefault(one.text, one)
    for one in _of_claims(top):
        found.setdefault(one.text, one)
    return tuple(found.values())[:MOST]


def _of(pods: Pods, investigation: Investigation, top: RankedCause) -> Iterator[Statement]:
    def shown(word: str) -> tuple[Quote, ...]:
        return tuple(quotes_of(investigation, pods.path, word, reason=f"of {pods.name}"))[:1]

    for box in pods.containers:
        limit, request = box.limits.get("memory"), box.requests.get("memory")
        if top.claim.category == "oom-killed" and limit and limit == request:
            yield Statement(
                f"container {box.name} has no headroom: its memory limit is its request, {limit}", shown(limit)
            )
        if not limit:
            yield Statement(f"container {box.name} has no memory limit", shown(box.name))
        if not box.requests:
            yield Statement(
                f"container {box.name} requests no resources, so it is the first to be evicted", shown(box.name)
            )
        if box.ports and not any(probe.which == "readiness" for probe in box.probes):
            yield Statement(
                f"container {box.name} has no readiness probe: it gets traffic while it cannot answer", shown(box.name)
            )
    if pods.replicas == 1:
        yield Statement(f"{pods.name} has one replica: while it is down nothing answers", shown("eplicas"))


def _of_claims(top: RankedCause) -> Iterator[Statement]:
    claim = top.claim
    if claim.category == "dependency-timeout":
        yield Statement(f"{claim.subject} is waited for until a time-out ends the call", claim.evidence[:1])
    if claim.category == "connection-pool-exhausted" and any("waiting" in quote.text for quote in claim.evidence):
        yield Statement("callers queue for connections instead of failing fast", claim.evidence[:1])
