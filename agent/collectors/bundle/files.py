"""Reading files that somebody else made: bounded in size, inside the folder, gzipped or not, any bytes."""

import gzip
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is read: of one file after decompression, of one line, and how many files."""

    file_octets: int = 512 * 1024 * 1024
    line_octets: int = 64 * 1024
    files: int = 20_000


@dataclass(frozen=True, slots=True)
class BundleFile:
    """One readable file of the bundle. `path` is relative, as quotes name it; `subject` is the decoded stem."""

    absolute: Path
    path: str
    name: str

    @property
    def subject(self) -> str:
        """What the file is about: its name without endings, percent-decoding done last."""
        return unquote(self.name.rsplit(".", 1)[0]) if "." in self.name else unquote(self.name)

    @property
    def ending(self) -> str:
        """The ending that tells the format, `.gz` aside: `log`, `jsonl`, `csv`, `yaml`; empty without one."""
        return self.name.rsplit(".", 1)[1] if "." in self.name else ""


def files_below(root: Path, folder: str, gaps: list[str], limits: Limits) -> Iterator[BundleFile]:
    """The regular files below `root/folder` by path; links and whatever lies outside are named in `gaps`, not read."""
    base = root / folder
    if base.is_symlink():
        gaps.append(f"{folder} is a link; a bundle's folders are read only where they lie")
        return
    if not base.is_dir():
        return
    for count, path in enumerate(sorted(base.rglob("*"))):
        relative = path.relative_to(root).as_posix()
        if count >= limits.files:
            gaps.append(f"{folder} holds more than {limits.files} files; the rest was not read")
            return
        if path.is_symlink():
            gaps.append(f"{relative} is a link and was not followed")
        elif path.is_file():
            yield BundleFile(path, relative, path.name.removesuffix(".gz"))


def text_of(file: BundleFile, gaps: list[str], limits: Limits) -> str:
    """The file's text, up to the limit; bytes that are no UTF-8 become U+FFFD. What was cut is named in `gaps`."""
    try:
        opener = gzip.open if file.absolute.name.endswith(".gz") else open
        with opener(file.absolute, "rb") as stream:
            data: bytes = stream.read(limits.file_octets + 1)
    except (OSError, EOFError, zlib.error) as error:
        gaps.append(f"{file.path} could not be read: {error}")
        return ""
    if len(data) > limits.file_octets:
        gaps.append(f"{file.path} is larger than {limits.file_octets} bytes; the rest was not read")
        data = data[: limits.file_octets]
    return data.decode("utf-8", "replace").removeprefix("\ufeff")


def lines_of(file: BundleFile, gaps: list[str], limits: Limits) -> tuple[str, ...]:
    """The file's lines without their ends; a line over the limit is cut, and that is named in `gaps` once."""
    lines = text_of(file, gaps, limits).split("\n")
    if lines and not lines[-1]:
        lines.pop()
    if any(len(line) > limits.line_octets for line in lines):
        gaps.append(f"{file.path} holds lines of more than {limits.line_octets} characters; they were cut")
        lines = [line[: limits.line_octets] for line in lines]
    return tuple(line.removesuffix("\r") for line in lines)
