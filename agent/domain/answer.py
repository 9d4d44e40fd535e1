"""What the agent says to a question, and what it looked at to say it."""

from dataclasses import dataclass

from agent.domain.collected import Collected, CollectedStatus
from agent.domain.event import Event
from agent.domain.finding import Finding


@dataclass(frozen=True, slots=True)
class SourceSeen:
    """One source as far as an answer is concerned: seen or not, with how many records, and why."""

    source: str
    status: CollectedStatus
    records: int
    detail: str
    truncated: bool = False

    @classmethod
    def of(cls, collected: Collected) -> "SourceSeen":
        """The summary of what a collector got."""
        count = len(collected.records)
        return cls(collected.source, collected.status, count, collected.detail, collected.truncated)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A headline, the findings under it, the events shown, and the sources seen and not seen.

    `intent` is the kind of question understood, kebab-case, `not-understood` when none was. `notes` are plain remarks
    that claim nothing about a cause: what was left out, what to try next.
    """

    question: str
    intent: str
    headline: str
    findings: tuple[Finding, ...] = ()
    events: tuple[Event, ...] = ()
    notes: tuple[str, ...] = ()
    sources: tuple[SourceSeen, ...] = ()
