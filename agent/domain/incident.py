"""A failure that was analysed, as it is remembered."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from agent.domain.times import require_aware


class IncidentState(StrEnum):
    """Open until a person, or a verified fix, closes it; a merged one lives on in another."""

    OPEN = "open"
    RESOLVED = "resolved"
    MERGED = "merged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """One failure, recorded once however often it is analysed.

    `fingerprint` is the same for the same failure of the same subject; `pattern` (category and rule) is the same for
    the same kind of failure anywhere. `times_seen` counts
    what was merged into it too. `signature` is the normalised text that similar incidents are found by, without
    numbers, ids and times. `report` is the JSON of schemas/analyze.v1.json, redacted.
    """

    id: str
    fingerprint: str
    pattern: str
    category: str
    subject: str
    title: str
    cause: str
    signature: str
    confidence: float
    opened_at: datetime
    last_seen_at: datetime
    times_seen: int = 1
    state: IncidentState = IncidentState.OPEN
    resolution: str = ""
    closed_at: datetime | None = None
    merged_into: str | None = None
    report: str = "{}"

    def __post_init__(self) -> None:
        require_aware(self.opened_at, "Incident.opened_at")
        require_aware(self.last_seen_at, "Incident.last_seen_at")
        if self.closed_at is not None:
            require_aware(self.closed_at, "Incident.closed_at")
        if (self.state is IncidentState.MERGED) != (self.merged_into is not None):
            raise ValueError(f"incident {self.id} is {self.state}, merged into {self.merged_into}")
        if self.times_seen < 1:
            raise ValueError(f"incident {self.id} was seen {self.times_seen} times")


@dataclass(frozen=True, slots=True)
class SuccessRate:
    """How often a fix helped against a pattern: `resolved` of `tried`, attempts not made left out."""

    pattern: str
    fix_id: str
    tried: int
    resolved: int


@dataclass(frozen=True, slots=True)
class SimilarIncident:
    """A remembered incident and how alike it is, from 0 to 1 (the cosine of the embeddings).

    `rates` tells of the fixes that were tried on it, over all incidents of its pattern; empty where nobody asked.
    """

    incident: Incident
    similarity: float
    rates: tuple[SuccessRate, ...] = ()


@dataclass(frozen=True, slots=True)
class PatternSeen:
    """How often a pattern was met: in how many incidents, how many times in all, and when last."""

    pattern: str
    incidents: int
    times_seen: int
    last_seen_at: datetime


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What an import brought: incidents new or changed, new outcomes, how many records were known, new feedback."""

    incidents: int
    outcomes: int
    known: int
    feedback: int = 0
