"""What a check says. Types only."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum


class Status(StrEnum):
    """How one thing stands."""

    OK = "ok"
    WARN = "warn"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at. `required` is why the current project cannot do without it, or None.

    `fix` is a command for this platform, `mend` the same as a function where it is safe to do unasked.
    """

    name: str
    title: str
    status: Status
    message: str
    needed_for: str
    version: str | None = None
    required: str | None = None
    fix: str | None = None
    link: str | None = None
    mend: Callable[[], object] | None = field(default=None, compare=False)

    @property
    def blocks(self) -> bool:
        """Whether the current project cannot work because of this."""
        return self.status is Status.MISSING and self.required is not None
