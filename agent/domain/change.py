"""What people changed: commits with their diffs, and when each reached a service."""

from dataclasses import dataclass
from datetime import datetime

from agent.domain.times import require_aware


@dataclass(frozen=True, slots=True, kw_only=True)
class Commit:
    """One commit; `diff` is its unified diff where it is known, `None` where it is not (which says nothing)."""

    sha: str
    at: datetime
    author: str
    message: str
    files: tuple[str, ...]
    diff: str | None = None

    def __post_init__(self) -> None:
        require_aware(self.at, "Commit.at")


@dataclass(frozen=True, slots=True, kw_only=True)
class Deploy:
    """A service began to run a commit."""

    at: datetime
    service: str
    sha: str
    version: str = ""

    def __post_init__(self) -> None:
        require_aware(self.at, "Deploy.at")
