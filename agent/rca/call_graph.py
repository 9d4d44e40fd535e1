"""Who calls whom: what the bundle says, and what the spans show."""

from collections.abc import Iterable

from agent.domain.investigation import Investigation
from agent.domain.telemetry import Span


def edges_of(investigation: Investigation) -> frozenset[tuple[str, str]]:
    """(caller, callee) pairs of different components."""
    parents = parents_of(investigation.spans)
    seen = {
        (parent.service, span.service)
        for span, parent in zip(investigation.spans, parents, strict=True)
        if parent is not None
    }
    return frozenset((caller, callee) for caller, callee in {*investigation.edges, *seen} if caller != callee)


def parents_of(spans: Iterable[Span]) -> list[Span | None]:
    """The parent of each span; where a trace's id was torn, the last span before it with the parent's id."""
    spans = list(spans)
    known = {(span.trace_id, span.span_id): span for span in spans}
    last: dict[str, Span] = {}
    found: list[Span | None] = []
    for span in spans:
        parent = known.get((span.trace_id, span.parent_id)) if span.parent_id else None
        if parent is None and span.parent_id:
            parent = last.get(span.parent_id)
        found.append(parent if parent is not span else None)
        last[span.span_id] = span
    return found
