"""What is measured rather than told: metric series and spans."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Series:
    """One metric of one subject: `times` in unix seconds, rising; `values` beside them, missing ones left out."""

    subject: str
    metric: str
    times: tuple[float, ...]
    values: tuple[float, ...]
    path: str = ""

    def __post_init__(self) -> None:
        if len(self.times) != len(self.values):
            raise ValueError(f"{self.subject} {self.metric}: {len(self.times)} times, {len(self.values)} values")

    def between(self, start: float, end: float) -> tuple[float, ...]:
        """The values from `start` to `end`, both included."""
        return tuple(value for at, value in zip(self.times, self.values, strict=True) if start <= at <= end)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """One step of one request: `start` in unix seconds; `status` is empty where the source has none."""

    trace_id: str
    span_id: str
    parent_id: str | None
    service: str
    operation: str
    start: float
    duration_ms: float
    status: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict, hash=False)
