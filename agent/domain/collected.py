"""What a collector was asked for, and what it got."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from agent.domain.event import Event
from agent.domain.times import require_aware


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of time, both ends included."""

    since: datetime
    until: datetime

    def __post_init__(self) -> None:
        require_aware(self.since, "Window.since")
        require_aware(self.until, "Window.until")
        if self.since > self.until:
            raise ValueError(f"the window ends ({self.until}) before it begins ({self.since})")

    def __contains__(self, at: datetime) -> bool:
        return self.since <= at <= self.until


@dataclass(frozen=True, slots=True)
class Bound:
    """How much a collector may return (`records`) and read (`octets`); past either, the newest are kept."""

    records: int = 20_000
    octets: int = 64 * 1024 * 1024

    def __post_init__(self) -> None:
        if self.records < 1 or self.octets < 1:
            raise ValueError("a bound lets at least one record of one byte through")


class CollectedStatus(StrEnum):
    """Whether a source was seen: `EMPTY` was and held nothing, `UNAVAILABLE` was not, which is no good news."""

    OK = "ok"
    EMPTY = "empty"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True, slots=True)
class Collected:
    """What one collector got: its records, oldest first, or the reason why there are none."""

    source: str
    status: CollectedStatus
    records: tuple[Event, ...] = ()
    detail: str = ""
    truncated: bool = False

    def __post_init__(self) -> None:
        if (self.status is CollectedStatus.OK) != bool(self.records):
            raise ValueError(f"{self.status} with {len(self.records)} records")
        if self.status is not CollectedStatus.OK and not self.detail:
            raise ValueError(f"{self.status} needs a detail that says why")

    @classmethod
    def of(cls, source: str, records: tuple[Event, ...], *, detail: str, truncated: bool = False) -> "Collected":
        """`OK`, or `EMPTY` when there are no records; `detail` says what was looked at."""
        status = CollectedStatus.OK if records else CollectedStatus.EMPTY
        return cls(source, status, records, detail, truncated)

    @classmethod
    def unavailable(cls, source: str, detail: str) -> "Collected":
        """The source could not be reached; `detail` says why."""
        return cls(source, CollectedStatus.UNAVAILABLE, detail=detail)
