"""Which log lines are wanted, and a cheap look at the bytes that spares parsing most of the others.

The cheap look may only ever say no where the full answer is no: it never changes what is found, and a test holds it to
that with arbitrary lines.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from agent.domain import Severity
from agent.normalize.levels import numbers_from, words_from
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

    def refusal(self) -> Callable[[bytes], bool] | None:
        """A function that is true only for JSON lines that `admits` would refuse; `None` when bytes cannot tell."""
        tests = [test for test in (self._level_refusal(), self._trace_refusal(), self._grep_refusal()) if test]
        if len(tests) < 2:
            return tests[0] if tests else None
        return lambda line: any(test(line) for test in tests)

    def _level_refusal(self) -> Callable[[bytes], bool] | None:
        if self.level is None or not self.level.at_least(Severity.WARN):
            return None
        words = _shortest(words_from(self.level))
        first, rest = words[0], words[1:]
        numbers = tuple(str(number).encode() for number in numbers_from(self.level))
        close = tuple(b":" + number for number in numbers)

        def refuses(line: bytes) -> bool:
            low = line.lower()
            if first in low or b"\\u" in low:
                return False
            for word in rest:
                if word in low:
                    return False
            for number in close:
                if number in low:
                    return False
            return not (_spaced(low) and any(number in low for number in numbers))

        return refuses

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


def _spaced(line: bytes) -> bool:
    return b": " in line or b":\t" in line or b":\r" in line


def _shortest(words: tuple[str, ...]) -> tuple[bytes, ...]:
    """The words without those that contain another: whatever holds `error` holds `err`."""
    return tuple(word.encode() for word in words if not any(other != word and other in word for other in words))
