"""A service's log files: read from the start or near the end, and followed through rotation and truncation.

Memory stays bounded whatever the file holds: a line longer than `LONGEST_LINE` is cut, and says how much of it went.
"""

import hashlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

CHUNK = 256 * 1024
LONGEST_LINE = 1024 * 1024


class LineReader:
    """The lines of an open file as `(offset, bytes without newline)`; an unfinished last line waits for its end."""

    def __init__(self, file: BinaryIO, offset: int = 0) -> None:
        self._file = file
        self._carry = b""
        self.offset = offset
        file.seek(offset)

    @classmethod
    def at(cls, file: BinaryIO, start: int) -> "LineReader":
        """A reader of the whole lines that begin at `start` or later."""
        if start:
            file.seek(start - 1)
            while (piece := file.readline(CHUNK)) and not piece.endswith(b"\n"):
                pass
        return cls(file, file.tell() if start else 0)

    def lines(self) -> Iterator[tuple[int, bytes]]:
        """All finished lines up to the present end of the file; may be called again when the file has grown."""
        while chunk := self._file.read(CHUNK):
            yield from self._split(chunk)
            while len(self._carry) > LONGEST_LINE:
                line, after = self._cut()
                yield line
                yield from self._split(after)

    def rest(self) -> Iterator[tuple[int, bytes]]:
        """The unfinished last line, if there is one."""
        if self._carry:
            yield self.offset, self._carry
            self.offset += len(self._carry)
            self._carry = b""

    def _split(self, chunk: bytes) -> Iterator[tuple[int, bytes]]:
        parts = (self._carry + chunk).split(b"\n")
        self._carry = parts.pop()
        for part in parts:
            yield self.offset, part
            self.offset += len(part) + 1

    def _cut(self) -> tuple[tuple[int, bytes], bytes]:
        """The beginning of the line at hand, and what was read after its end."""
        head, dropped, after = self._carry[:LONGEST_LINE], len(self._carry) - LONGEST_LINE, b""
        while chunk := self._file.read(CHUNK):
            before, newline, after = chunk.partition(b"\n")
            dropped += len(before)
            if newline:
                break
        found = self.offset, head + f" ... {dropped} bytes cut".encode()
        self.offset += LONGEST_LINE + dropped + 1
        self._carry = b""
        return found, after


class FollowedFile:
    """A file read to its end, then for what is new, whatever is done to it: rotated, truncated, deleted, made anew."""

    def __init__(self, path: Path, start: int = 0) -> None:
        self._path = path
        self._start = start
        self._file: BinaryIO | None = None
        self._reader: LineReader | None = None

    def lines(self) -> Iterator[tuple[int, bytes]]:
        """The finished lines that were not given yet; none while the file does not exist."""
        if self._reader is not None and self._file is not None:
            yield from self._reader.lines()
            if self._is_same(self._file):
                return
            yield from self._reader.lines()
            yield from self._reader.rest()
            self.close()
        try:
            self._file = self._path.open("rb")
        except FileNotFoundError:
            return
        self._reader, self._start = LineReader.at(self._file, self._start), 0
        yield from self._reader.lines()

    def rest(self) -> Iterator[tuple[int, bytes]]:
        """The unfinished last line, for when nobody waits for its end."""
        if self._reader is not None:
            yield from self._reader.rest()

    def close(self) -> None:
        """Let go of the file."""
        if self._file is not None:
            self._file.close()
        self._file = self._reader = None

    def _is_same(self, file: BinaryIO) -> bool:
        opened = os.fstat(file.fileno())
        try:
            named = self._path.stat()
        except FileNotFoundError:
            return True
        is_same = (opened.st_ino, opened.st_dev) == (named.st_ino, named.st_dev)
        return is_same and named.st_size >= file.tell()


def starts_of(files: Sequence[Path], octets: int | None) -> dict[Path, int]:
    """Where to begin in each existing file, oldest first, to read the last `octets` bytes of all, or all."""
    sizes = {path: path.stat().st_size for path in files if path.is_file()}
    starts: dict[Path, int] = {}
    left = sum(sizes.values()) if octets is None else octets
    for path in reversed(list(sizes)):
        starts[path] = max(0, sizes[path] - left)
        left = max(0, left - sizes[path])
    return {path: starts[path] for path in sizes}


def lines_from(path: Path, start: int) -> Iterator[tuple[Path, int, bytes]]:
    """The whole lines that begin at `start` or later, the unfinished last one included, each with its file."""
    with path.open("rb") as file:
        reader = LineReader.at(file, start)
        for offset, line in reader.lines():
            yield path, offset, line
        for offset, line in reader.rest():
            yield path, offset, line


def fingerprint_of(path: Path) -> str:
    """What stays of a log file when it is rotated: a hash of its first line, at most a kilobyte of it."""
    with path.open("rb") as file:
        return hashlib.blake2b(file.readline(1024), digest_size=8).hexdigest()
