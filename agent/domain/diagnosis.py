"""What an investigation came to: causes, best first, what was looked at, and what could not be seen."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from agent.domain.claim import Claim, Missing, Quote, Statement
from agent.domain.fix import Fix
from agent.domain.incident import SimilarIncident, SuccessRate
from agent.domain.times import require_aware


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedCause:
    """A claim in its place among the others.

    `confidence` is the calibrated chance that it is right, `features` what it was reckoned from, by name; `lines` are
    the lines of reasoning that agree on the subject, the claim's own first. `supports` and `against` weigh it beside
    the others, `missing` is what would settle it. `fixes` are what may help, best first.
    """

    claim: Claim
    confidence: float
    features: Mapping[str, float]
    lines: tuple[str, ...]
    supports: tuple[Statement, ...] = ()
    against: tuple[Statement, ...] = ()
    missing: tuple[Missing, ...] = ()
    fixes: tuple[Fix, ...] = ()

    def __post_init__(self) -> None:
        if not 0.0 <= self.confidence <= 1.0:
            raise ValueError(f"a confidence lies between 0 and 1: {self.confidence}")


@dataclass(frozen=True, slots=True)
class PartSeen:
    """One part of the evidence and how much of it there was; 0 records where it was absent."""

    name: str
    records: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One line of the incident's timeline. `kind` is dotted, thing first (`deploy.started`, `metric.changed`)."""

    at: datetime
    kind: str
    subject: str
    text: str
    quote: Quote | None = None

    def __post_init__(self) -> None:
        require_aware(self.at, "Moment.at")


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """The causes ranked, best first; none means that nothing wrong was found in what `sources` lists.

    `contributing` made it possible or worse and is no cause. `timeline` is the incident in order of time, chosen around
    the first cause. `similar` and `rates` are filled from memory, where there is one.
    """

    title: str
    alert: str
    findings: tuple[RankedCause, ...] = ()
    sources: tuple[PartSeen, ...] = ()
    gaps: tuple[str, ...] = ()
    contributing: tuple[Statement, ...] = ()
    timeline: tuple[Moment, ...] = ()
    similar: tuple[SimilarIncident, ...] = ()
    rates: tuple[SuccessRate, ...] = ()
