"""How bad an event is, ordered from noise to the end of the process."""

from enum import StrEnum


class Severity(StrEnum):
    """The six levels every source's own words are mapped to; compare by `rank`, not by name."""

    TRACE = "trace"
    DEBUG = "debug"
    INFO = "info"
    WARN = "warn"
    ERROR = "error"
    FATAL = "fatal"

    @property
    def rank(self) -> int:
        """0 for `trace` up to 5 for `fatal`."""
        return _RANKS[self]

    def at_least(self, other: "Severity") -> bool:
        """Whether this is as bad as `other`, or worse."""
        return _RANKS[self] >= _RANKS[other]


_RANKS = {severity: rank for rank, severity in enumerate(Severity)}
