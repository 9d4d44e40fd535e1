"""Which log lines are wanted, and cheap looks that spare reading most of the others in full.

A cheap look may only ever say no where the full answer is no: it never changes what is found, and a test holds it to
that with arbitrary lines.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from agent.domain import Severity
from agent.normalize.levels import words_below
from agent.normalize.log_line import LogLine


@dataclass(frozen=True, slots=True)
class LogFilter:
    """What a line must be to be wanted; every condition that is set must hold.

    `pattern` is searched in the message and the stack trace. A line without a level is not as bad as any `level`; a
    line without a time lies in no window.
    """

    level: Severity | None = None
    pattern: re.Pattern[str] | None = None
    trace: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    def admits(self, line: LogLine, at: datetime | None) -> bool:
        """Whether the line is wanted; `at` is its time, or that of the line before it where it has none."""
        if self.level is not None and (line.level is None or not line.level.at_least(self.level)):
            return False
        if self.trace is not None and line.trace_id != self.trace:
            return False
        if self.since is not None and (at is None or at < self.since):
            return False
        if self.until is not None and (at is None or at > self.until):
            return False
        return self.pattern is None or bool(
            self.pattern.search(line.message) or (line.stack and self.pattern.search(line.stack))
        )

    def refusal_of_bytes(self) -> Callable[[bytes], bool] | None:
        """A function that is true only for JSON lines that `admits` would refuse; `None` when bytes cannot tell."""
        tests = [test for test in (self._trace_refusal(), self._grep_refusal()) if test]
        if len(tests) < 2:
            return tests[0] if tests else None
        return lambda line: any(test(line) for test in tests)

    def refused_words(self) -> frozenset[str]:
        """The words for a level that is not bad enough, as they are usually written; empty when any level will do."""
        return words_below(self.level) if self.level else frozenset()

    def _trace_refusal(self) -> Callable[[bytes], bool] | None:
        if self.trace is None or not _plain(self.trace):
            return None
        needle = self.trace.encode()
        return lambda line: needle not in line and not _escaped(line)

    def _grep_refusal(self) -> Callable[[bytes], bool] | None:
        pattern = self.pattern
        if pattern is None or not _plain(pattern.pattern) or not _SPECIAL.isdisjoint(pattern.pattern):
            return None
        if pattern.flags & re.IGNORECASE:
            lower = pattern.pattern.lower().encode()
            return lambda line: lower not in line.lower() and not _escaped(line) and line.isascii()
        needle = pattern.pattern.encode()
        return lambda line: needle not in line and not _escaped(line)


_SPECIAL = frozenset(".^$*+?{}[]\\|()")


def _escaped(line: bytes) -> bool:
    """Whether the text may read otherwise than its bytes: JSON escapes, and terminal sequences in what is no JSON."""
    return b"\\" in line or b"\x1b" in line


def _plain(text: str) -> bool:
    """Whether JSON can write the text in one way only, escapes with a backslash aside."""
    return bool(text) and text.isascii() and text.isprintable()
