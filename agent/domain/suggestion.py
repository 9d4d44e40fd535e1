"""What a team could do before something breaks, and what the team said to it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import blake2b

from agent.domain.times import require_aware


class Priority(StrEnum):
    """How soon it is worth doing."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"

    @property
    def rank(self) -> int:
        """0 for what comes first."""
        return tuple(Priority).index(self)

    @property
    def reduced(self) -> "Priority":
        """One step down; the lowest stays."""
        return tuple(Priority)[min(self.rank + 1, len(Priority) - 1)]


@dataclass(frozen=True, slots=True)
class Shown:
    """The text that shows it: a line of a project's file, of a log, or of a remembered incident. Lines count from 1."""

    place: str
    line: int | None
    quote: str

    def __post_init__(self) -> None:
        if not self.place or not self.quote.strip():
            raise ValueError("what is shown has a place and a text")


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """One thing to do. `subject` is what it concerns, within the first place shown; `fix` is what to write or run."""

    rule: str
    priority: Priority
    subject: str
    title: str
    why: str
    fix: str
    evidence: tuple[Shown, ...]

    def __post_init__(self) -> None:
        if not self.evidence:
            raise ValueError(f"suggestion {self.rule!r} about {self.subject!r} shows nothing")

    @property
    def id(self) -> str:
        """Eight hexadecimal digits that stay when the file is edited elsewhere, so that feedback stays with it."""
        text = "\0".join((self.rule, self.subject, self.evidence[0].place))
        return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=4).hexdigest()


class Verdict(StrEnum):
    """What the team says to a suggestion."""

    ACCEPTED = "accepted"
    DISMISSED = "dismissed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """One person's word on one suggestion of one project; the newest counts."""

    project: str
    suggestion_id: str
    rule: str
    verdict: Verdict
    reason: str
    at: datetime

    def __post_init__(self) -> None:
        require_aware(self.at, "Feedback.at")
