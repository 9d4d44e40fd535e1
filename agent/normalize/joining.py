"""Lines that belong together as one entry: a stack trace with the line that announces it.

Java's `\\tat ...`, `Caused by:`; Python's `Traceback` down to the line that names the exception; Node's and Go's
indented frames; Postgres's `DETAIL:`, `HINT:` and `STATEMENT:` lines. A JSON object on one line is always an entry of
its own.
"""

import re
from collections.abc import Iterable, Iterator

MOST_LINES = 400
MOST_BYTES = 256 * 1024

_MORE = re.compile(
    rb"[ \t]+\S"
    rb"|(?:Caused by|Suppressed): "
    rb"|(?:During handling of|The above exception was)\b"
    rb"|\d{4}-\d{2}-\d{2} \S{8,} [^\]]{0,40}\] (?:\S+@\S+ )?(?:DETAIL|HINT|STATEMENT|CONTEXT|QUERY|LOCATION): "
)
_TRACEBACK = b"Traceback (most recent call last):"
_GO_FRAME = re.compile(rb"goroutine \d+ \[|created by |[\w./*()\-]+\([^)]*\)$|\[signal ")
_NAMED = re.compile(rb"[A-Za-z_][\w.$]*(?:Error|Exception|Interrupt|Exit|Warning|Group|Failure)?\b(?::|$)")
_FAILING = re.compile(rb"(?i)\b(?:error|critical|fatal|severe|exception|panic)\b")


def joined(lines: Iterable[tuple[int, bytes]]) -> Iterator[tuple[int, bytes]]:
    """Entries of one or more lines, each with the offset of its first; `lines` are `(offset, bytes without newline)`.

    An entry takes at most `MOST_LINES` lines and `MOST_BYTES` bytes; further lines of it are dropped.
    """
    entry = _Entry()
    for offset, line in lines:
        if line[:1] == b"{":
            if entry.lines:
                yield entry.finished()
            if line.rstrip()[-1:] == b"}":
                yield offset, line
            else:
                entry.start(offset, line)
        elif not entry.lines:
            if line.strip():
                entry.start(offset, line)
        elif not entry.takes(line):
            yield entry.finished()
            if line.strip():
                entry.start(offset, line)
    if entry.lines:
        yield entry.finished()


class _Entry:
    """The entry being put together."""

    def __init__(self) -> None:
        self.lines: list[bytes] = []
        self.offset = 0
        self.size = 0
        self.in_traceback = False
        self.in_python = False
        self.in_go = False

    def start(self, offset: int, line: bytes) -> None:
        self.lines = [line]
        self.offset = offset
        self.size = len(line)
        self.in_traceback = self.in_python = line.startswith(_TRACEBACK)
        self.in_go = line.startswith((b"panic: ", b"fatal error: "))

    def finished(self) -> tuple[int, bytes]:
        whole = b"\n".join(line for line in self.lines if line.strip())
        self.lines = []
        return self.offset, whole

    def takes(self, line: bytes) -> bool:
        if not self._belongs(line):
            return False
        self.size += len(line)
        if len(self.lines) < MOST_LINES and self.size <= MOST_BYTES:
            self.lines.append(line)
        return True

    def _belongs(self, line: bytes) -> bool:
        if line.startswith(_TRACEBACK):
            fits = self.in_python or _FAILING.search(self.lines[0], 0, 300) is not None
            self.in_traceback = self.in_python = fits
            return fits
        if (self.in_python or self.in_go) and not line.strip():
            return True
        if self.in_go and _GO_FRAME.match(line):
            return True
        if line[:1] in b"}]" and self.lines[0][:1] in b"{[" and line.strip() in (b"}", b"]"):
            return True
        if _MORE.match(line):
            return True
        if self.in_traceback and _NAMED.match(line):
            self.in_traceback = False
            return True
        return len(self.lines) == 1 and _names_exception(line) and _FAILING.search(self.lines[0], 0, 300) is not None


def _names_exception(line: bytes) -> bool:
    """A line such as `java.lang.IllegalStateException: no`, which Java's loggers print under the message."""
    match = _NAMED.match(line)
    return match is not None and b"." in match[0] and match[0].rstrip(b":").endswith((b"Error", b"Exception"))
