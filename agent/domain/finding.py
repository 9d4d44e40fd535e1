"""A claim, and what it rests on."""

from dataclasses import dataclass
from enum import StrEnum

from agent.domain.event import Event


class Origin(StrEnum):
    """Who makes the claim: a rule, whose reasoning can be read, or a model, whose text is only wording."""

    RULE = "rule"
    MODEL = "model"


@dataclass(frozen=True, slots=True)
class Evidence:
    """These events show it: their ids, the very text, and what the text shows."""

    event_ids: tuple[str, ...]
    quote: str
    reason: str
    place: str = ""

    def __post_init__(self) -> None:
        if not self.event_ids:
            raise ValueError("evidence cites at least one event")
        if not self.quote.strip():
            raise ValueError("evidence quotes the text it rests on")

    @classmethod
    def of(cls, event: Event, *, reason: str, quote: str | None = None) -> "Evidence":
        """Evidence from one event; a `quote` must occur in the event's message or in one of its text attributes."""
        if quote is not None and not _occurs(quote, event):
            raise ValueError(f"the quote does not occur in event {event.id}: {quote!r}")
        return cls((event.id,), event.message if quote is None else quote, reason, event.place)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One rule's claim about one subject. Without evidence it cannot be built."""

    rule: str
    subject: str
    title: str
    evidence: tuple[Evidence, ...]
    confidence: float
    origin: Origin = Origin.RULE

    def __post_init__(self) -> None:
        if not self.evidence:
            raise ValueError(f"finding {self.rule!r} has no evidence")
        if not 0.0 <= self.confidence <= 1.0:
            raise ValueError(f"a confidence lies between 0 and 1: {self.confidence}")
        if not self.title.strip():
            raise ValueError("a finding says something")

    @property
    def event_ids(self) -> tuple[str, ...]:
        """The ids of all events the claim rests on, each once, in the order cited."""
        return tuple(dict.fromkeys(event_id for piece in self.evidence for event_id in piece.event_ids))


def _occurs(quote: str, event: Event) -> bool:
    return quote in event.message or any(isinstance(value, str) and quote in value for value in event.attrs.values())
