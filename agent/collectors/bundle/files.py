"""The files of a bundle, wherever they lie: bounded in size, gzipped or not, any bytes."""

import gzip
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote

from agent.normalize.decoding import decoded


@dataclass(slots=True)
class Allowance:
    """How much may still be read of one bundle."""

    octets: int


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is read: of one file after decompression, of all files, of a whole archive, of one line; and how many
    files, and columns of a table. `left` is what is left of `all_octets` in the reading of one bundle.
    """

    file_octets: int = 512 * 1024 * 1024
    archive_octets: int = 1024 * 1024 * 1024
    line_octets: int = 64 * 1024
    files: int = 20_000
    all_octets: int = 1536 * 1024 * 1024
    columns: int = 5_000
    left: Allowance = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "left", Allowance(self.all_octets))


@dataclass(frozen=True, slots=True)
class BundleFile:
    """One readable file of the bundle. `path` is relative, as quotes name it; `content` is where the text is, or it."""

    path: str
    name: str
    content: Path | str

    @property
    def subject(self) -> str:
        """What the file is about: its name without endings, percent-decoding done last."""
        return unquote(self.name.rsplit(".", 1)[0]) if "." in self.name else unquote(self.name)

    @property
    def ending(self) -> str:
        """The ending that tells the format, `.gz` aside: `log`, `jsonl`, `csv`, `yaml`; empty without one."""
        return self.name.rsplit(".", 1)[1] if "." in self.name else ""


class BundleFiles(Protocol):
    """Where a bundle's files lie."""

    def header(self) -> BundleFile:
        """bundle.yaml. Raises `BundleError` where there is none."""

    def below(self, folder: str, gaps: list[str], limits: Limits) -> Iterator[BundleFile]:
        """The files of one folder of the layout, by path; what is left out is named in `gaps`."""


def text_of(file: BundleFile, gaps: list[str], limits: Limits) -> str:
    """The file's text, up to the limits; what was cut, and what is odd about its bytes, is named in `gaps`."""
    if isinstance(file.content, str):
        text = file.content
        if len(text) > limits.file_octets:
            gaps.append(f"{file.path} is larger than {limits.file_octets} characters; the rest was not read")
            text = text[: limits.file_octets]
        if "\0" in text:  # odd enough to be judged as bytes are
            return _read_as(file, text.encode(errors="replace"), gaps)
        return text.removeprefix("\ufeff")
    if limits.left.octets <= 0:
        gaps.append(f"{file.path} was not read: the bundle holds more than {limits.all_octets} bytes")
        return ""
    try:
        opener = gzip.open if file.content.name.endswith(".gz") else open
        with opener(file.content, "rb") as stream:
            data: bytes = stream.read(limits.file_octets + 1)
    except (OSError, EOFError, zlib.error) as error:
        gaps.append(f"{file.path} could not be read: {error}")
        return ""
    limits.left.octets -= len(data)
    if len(data) > limits.file_octets:
        gaps.append(f"{file.path} is larger than {limits.file_octets} bytes; the rest was not read")
        data = data[: limits.file_octets]
    return _read_as(file, data, gaps)


def _read_as(file: BundleFile, data: bytes, gaps: list[str]) -> str:
    text, remark = decoded(data)
    if remark:
        gaps.append(f"{file.path} {remark}" if remark.startswith(("is", "holds")) else f"{file.path}: {remark}")
    return text


def lines_of(file: BundleFile, gaps: list[str], limits: Limits) -> tuple[str, ...]:
    """The file's lines without their ends; a line over the limit is cut, and that is named in `gaps` once."""
    lines = text_of(file, gaps, limits).split("\n")
    if lines and not lines[-1]:
        lines.pop()
    if any(len(line) > limits.line_octets for line in lines):
        gaps.append(f"{file.path} holds lines of more than {limits.line_octets} characters; they were cut")
        lines = [line[: limits.line_octets] for line in lines]
    return tuple(line.removesuffix("\r") for line in lines)
