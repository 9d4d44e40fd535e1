"""Every source's own words for how bad a line is, as one of our six levels."""

from agent.domain import Severity

_WORDS: dict[Severity, tuple[str, ...]] = {
    Severity.TRACE: ("trace", "finest", "finer", "verbose", "silly", "vrb"),
    Severity.DEBUG: ("debug", "fine", "config", "dbg", "debug1", "debug2", "debug3", "debug4", "debug5"),
    Severity.INFO: ("info", "inf", "information", "informational", "notice", "log", "success"),
    Severity.WARN: ("warn", "warning", "wrn"),
    Severity.ERROR: ("error", "err", "severe"),
    Severity.FATAL: ("fatal", "ftl", "critical", "crit", "panic", "emergency", "emerg", "alert"),
}
_BY_WORD = {word: severity for severity, words in _WORDS.items() for word in words}

_BY_NUMBER = {10: Severity.TRACE, 20: Severity.DEBUG, 30: Severity.INFO, 40: Severity.WARN}
_BY_NUMBER |= {50: Severity.ERROR, 60: Severity.FATAL}
"""The numbers of bunyan and pino, the JSON loggers that write no words."""


def severity_of(value: object) -> Severity | None:
    """The level that a word (any case) or a bunyan/pino number means; `None` for anything else."""
    if type(value) is str:
        return _BY_WORD.get(value) or _BY_WORD.get(value.strip().lower())
    return _BY_NUMBER.get(value) if type(value) is int else None


def words_below(least: Severity) -> frozenset[str]:
    """All words, in lower and in upper case, that mean less than `least`."""
    words = {word for word, severity in _BY_WORD.items() if not severity.at_least(least)}
    return frozenset(words | {word.upper() for word in words})
