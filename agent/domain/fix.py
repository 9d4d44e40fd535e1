"""What may help against a cause, and what came of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from agent.domain.times import require_aware


class Risk(StrEnum):
    """How much harm a fix can do if it is the wrong one, least first."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Result(StrEnum):
    """What a fix did, as seen by collecting again. `NOT_RUN` is an attempt that was not made, with the reason."""

    RESOLVED = "resolved"
    PARTIAL = "partial"
    FAILED = "failed"
    WORSE = "worse"
    NOT_RUN = "not-run"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaybookFix:
    """A playbook of this version with variables; `playbook` is its file name without a folder."""

    playbook: str
    variables: Mapping[str, str | int | bool] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PatchFix:
    """A unified diff against a commit; its paths are relative to the repository's top folder."""

    patch: str
    base: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fix:
    """One way to mend a cause.

    `id` is kebab-case and stable for the same kind of fix, so that its success can be counted over incidents. `why`
    says what in the evidence speaks for it; `by_model` marks a diff that a language model drafted.
    """

    id: str
    title: str
    why: str
    action: PlaybookFix | PatchFix
    risk: Risk
    reversible: bool
    by_model: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What an applied fix did to one incident; `pattern` is the pattern it was tried against."""

    incident_id: str
    pattern: str
    fix_id: str
    result: Result
    at: datetime
    note: str = ""

    def __post_init__(self) -> None:
        require_aware(self.at, "Outcome.at")
