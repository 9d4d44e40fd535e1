"""Text files as one stream of lines, for what looks at each line once: any size, any bytes, gzipped or not.

A file is never held in memory, and of a line only its first LINE_OCTETS bytes are. Every line is handed on, empty ones
too.
"""

import gzip
import zlib
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Final, cast

from agent.errors import SourceUnavailableError

LINE_OCTETS: Final = 64 * 1024
STANDARD_INPUT: Final = "-"
_GZIP = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a file, counted from 1."""

    file: str
    line: int


@dataclass
class TextLines:
    """The lines of some files, one file after the other; `-` is `standard_input`."""

    names: Sequence[str]
    standard_input: BinaryIO
    _starts: list[int] = field(default_factory=list)
    count: int = 0

    def __iter__(self) -> Iterator[str]:
        """Each line without its end; bytes that are no UTF-8 are kept as surrogates.

        Raises `SourceUnavailableError` for a file that cannot be read.
        """
        self.count = 0
        self._starts.clear()
        for name in self.names:
            self._starts.append(self.count)
            try:
                for line in _lines_of(name, self.standard_input):
                    self.count += 1
                    yield line
            except (OSError, EOFError, zlib.error) as error:
                reason = getattr(error, "strerror", None) or str(error)
                raise SourceUnavailableError(f"{name} cannot be read: {reason}") from error

    def place(self, index: int) -> Place:
        """Where the line of this index, counted from 0 over all files, stands."""
        file = bisect_right(self._starts, index) - 1
        return Place(self.names[file], index - self._starts[file] + 1)


def _lines_of(name: str, standard_input: BinaryIO) -> Iterator[str]:
    with ExitStack() as stack:
        stream = standard_input if name == STANDARD_INPUT else stack.enter_context(Path(name).open("rb"))
        if name != STANDARD_INPUT and stream.peek(2)[:2] == _GZIP:  # type: ignore[attr-defined]
            stream = stack.enter_context(cast(BinaryIO, gzip.GzipFile(fileobj=stream)))
        is_first = True
        while line := stream.readline(LINE_OCTETS):
            whole = line.endswith(b"\n")
            while not whole and (rest := stream.readline(LINE_OCTETS)):
                whole = rest.endswith(b"\n")
            text = line.removesuffix(b"\n").removesuffix(b"\r").decode("utf-8", "surrogateescape")
            yield text.removeprefix("\ufeff") if is_first else text
            is_first = False
