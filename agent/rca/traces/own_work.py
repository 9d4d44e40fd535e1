"""Each span apart from those it caused: its own time, and whether an error began in it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from agent.domain.telemetry import Span

_CODE = re.compile(r"[0-9]{1,3}")
_PEERS = ("peer.service", "server.address", "net.peer.name", "rpc.service")
_WELL = {"", "ok", "unset", "status_code_ok", "status_code_unset", "success", "true"}


@dataclass(frozen=True, slots=True)
class Step:
    """A span with `own_ms`, the time not spent in its children; `failed_here` when it erred and no child did.

    `peer` is the component that the span only calls and waits for: its own time is then lost on the way.
    """

    span: Span
    own_ms: float
    failed_here: bool
    peer: str | None = None


def steps_of(spans: Sequence[Span], parents: Sequence[Span | None]) -> list[Step]:
    """One step a span. Children that ran side by side may add up to more than their parent: its own time is 0."""
    spent: dict[int, float] = {}
    erring: set[int] = set()
    children: dict[int, list[Span]] = {}
    inner: set[int] = set()
    for span, parent in zip(spans, parents, strict=True):
        if parent is not None:
            spent[id(parent)] = spent.get(id(parent), 0.0) + span.duration_ms
            children.setdefault(id(parent), []).append(span)
            if parent.service == span.service:
                inner.add(id(span))
            if failed(span):
                erring.add(id(parent))
    return [
        Step(
            span,
            max(0.0, span.duration_ms - spent.get(id(span), 0.0)),
            failed(span) and id(span) not in erring,
            _peer(span, children.get(id(span), ()), inner=id(span) in inner),
        )
        for span in spans
    ]


def _peer(span: Span, children: Sequence[Span], *, inner: bool) -> str | None:
    """What the span calls, when calling is all it does: one child in another component, of the same operation or seen
    from inside of the caller's own span; or the callee that a call without a child names."""
    if len(children) == 1 and children[0].service != span.service:
        same = _bare(span.operation) == _bare(children[0].operation) and any(mark in span.operation for mark in "./")
        return children[0].service if same or inner or _kind(span) in {"client", "producer"} else None
    if not children and _kind(span) in {"client", "producer"}:
        return next((span.attributes[name] for name in _PEERS if span.attributes.get(name)), None)
    return None


def _kind(span: Span) -> str:
    kind = span.attributes.get("span.kind") or span.attributes.get("kind") or ""
    return kind.lower().removeprefix("span_kind_")


def _bare(operation: str) -> str:
    return operation.lower().lstrip("/").removeprefix("sent.").removeprefix("recv.")


def failed(span: Span) -> bool:
    """Whether the span's status says so: a word, an HTTP status from 500 on, or a gRPC code."""
    status = span.status.strip().lower()
    if _CODE.fullmatch(status):
        return int(status) >= 500 or 0 < int(status) <= 16
    return status not in _WELL or span.attributes.get("error", "").lower() not in {"", "false"}
