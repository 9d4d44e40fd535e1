"""Each span apart from those it caused: its own time, and whether an error began in it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from agent.domain.telemetry import Span

_CODE = re.compile(r"[0-9]{1,3}")
_WELL = {"", "ok", "unset", "status_code_ok", "status_code_unset", "success", "true"}


@dataclass(frozen=True, slots=True)
class Step:
    """A span with `own_ms`, the time not spent in its children; `failed_here` when it erred and no child did."""

    span: Span
    own_ms: float
    failed_here: bool


def steps_of(spans: Sequence[Span], parents: Sequence[Span | None]) -> list[Step]:
    """One step a span. Children that ran side by side may add up to more than their parent: its own time is 0."""
    spent: dict[int, float] = {}
    erring: set[int] = set()
    for span, parent in zip(spans, parents, strict=True):
        if parent is not None:
            spent[id(parent)] = spent.get(id(parent), 0.0) + span.duration_ms
            if failed(span):
                erring.add(id(parent))
    return [
        Step(span, max(0.0, span.duration_ms - spent.get(id(span), 0.0)), failed(span) and id(span) not in erring)
        for span in spans
    ]


def failed(span: Span) -> bool:
    """Whether the span's status says so: a word, an HTTP status from 500 on, or a gRPC code."""
    status = span.status.strip().lower()
    if _CODE.fullmatch(status):
        return int(status) >= 500 or 0 < int(status) <= 16
    return status not in _WELL or span.attributes.get("error", "").lower() not in {"", "false"}
