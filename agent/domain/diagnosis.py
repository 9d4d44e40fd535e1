"""What an investigation came to: causes, best first, what was looked at, and what could not be seen."""

from collections.abc import Mapping
from dataclasses import dataclass

from agent.domain.claim import Claim


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedCause:
    """A claim in its place among the others.

    `confidence` is the calibrated chance that it is right, `features` what it was reckoned from, by name; `lines` are
    the lines of reasoning that agree on the subject, the claim's own first.
    """

    claim: Claim
    confidence: float
    features: Mapping[str, float]
    lines: tuple[str, ...]

    def __post_init__(self) -> None:
        if not 0.0 <= self.confidence <= 1.0:
            raise ValueError(f"a confidence lies between 0 and 1: {self.confidence}")


@dataclass(frozen=True, slots=True)
class PartSeen:
    """One part of the evidence and how much of it there was; 0 records where it was absent."""

    name: str
    records: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """The causes ranked, best first; none means that nothing wrong was found in what `sources` lists."""

    title: str
    alert: str
    findings: tuple[RankedCause, ...] = ()
    sources: tuple[PartSeen, ...] = ()
    gaps: tuple[str, ...] = ()
