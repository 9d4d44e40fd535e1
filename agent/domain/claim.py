"""What one line of reasoning holds to be the cause, with the very text that shows it."""

from dataclasses import dataclass

CAUSE_WORDS = 60
NO_COMMIT = "none"
"""The `commit` of a claim that no change is to blame."""
HEALTHY = "healthy"
"""The category of a claim that all is well: no failure, and never remembered as one."""


@dataclass(frozen=True, slots=True)
class Quote:
    """Text as it stands in a file of the evidence: `path` names the file, `reason` says what the text shows."""

    path: str
    text: str
    reason: str = ""

    def __post_init__(self) -> None:
        if not self.path or not self.text.strip():
            raise ValueError("a quote needs a file and a text")


@dataclass(frozen=True, slots=True)
class Statement:
    """Something short that can be held for or against a cause, or that made it worse, with the text that shows it."""

    text: str
    quotes: tuple[Quote, ...] = ()

    def __post_init__(self) -> None:
        if not self.text.strip():
            raise ValueError("a statement says something")


@dataclass(frozen=True, slots=True)
class Missing:
    """Evidence that was not there, and the command that would get it."""

    what: str
    command: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One candidate cause. `line` names the reasoning (`signatures`, `metrics`, ...), `rule` what fired in it.

    `category` is an id of docs/taxonomy.md; `subject` the component at fault; `strength` between 0 and 1 is how
    strongly this line holds it, comparable within one line only: ranking and calibration make confidence of it.
    `commit` is a sha, `none` (no change is to blame), or `None` (not judged). `files` may end in a line (`App.kt:47`).
    `confirm` are commands whose output would confirm or refute it; `fixes` are ids of fixes known to help, best first.
    `supports` and `against` are what the line itself holds for and against it.
    """

    line: str
    rule: str
    category: str
    subject: str
    cause: str
    strength: float
    evidence: tuple[Quote, ...]
    commit: str | None = None
    metric: str | None = None
    files: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()
    fix: str = ""
    gaps: tuple[str, ...] = ()
    confirm: tuple[str, ...] = ()
    fixes: tuple[str, ...] = ()
    supports: tuple[Statement, ...] = ()
    against: tuple[Statement, ...] = ()

    def __post_init__(self) -> None:
        if not self.evidence:
            raise ValueError(f"claim {self.rule!r} about {self.subject!r} has no evidence")
        if not 0.0 <= self.strength <= 1.0:
            raise ValueError(f"a strength lies between 0 and 1: {self.strength}")
        if len(self.cause.split()) > CAUSE_WORDS:
            raise ValueError(f"a cause has at most {CAUSE_WORDS} words: {self.cause!r}")
