"""The files of a project that rules look at: texts that git knows or would add, bounded in number and size."""

import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from agent.domain.project_files import ProjectFiles

WITHIN_S = 20
_NEVER = frozenset(
    {".git", ".blissful", "node_modules", "target", "build", "dist", ".venv", "venv", "__pycache__", ".gradle", ".tox"}
)


@dataclass(frozen=True, slots=True)
class FileLimits:
    """How many files are read, and how much of one and of all."""

    files: int = 4_000
    file_octets: int = 512 * 1024
    octets: int = 32 * 1024 * 1024


def read_project_files(folder: Path, limits: FileLimits = FileLimits()) -> ProjectFiles:
    """The texts by path; links are not followed, what is no text is left out, what was cut is a gap."""
    committed = _listed(folder, "--cached")
    names = _listed(folder, "--cached", "--others", "--exclude-standard") or tuple(_walked(folder))
    texts: dict[str, str] = {}
    gaps: list[str] = []
    left = limits.octets
    for count, name in enumerate(sorted(set(names))):
        if count >= limits.files or left <= 0:
            gaps.append(f"{len(set(names)) - count} files were not looked at: there are too many")
            break
        text = _text_of(folder / name, limits, name, gaps)
        if text is not None:
            texts[name] = text
            left -= len(text)
    return ProjectFiles(texts, frozenset(committed) if committed is not None else None, tuple(gaps))


def _text_of(path: Path, limits: FileLimits, name: str, gaps: list[str]) -> str | None:
    try:
        if path.is_symlink() or not path.is_file():
            return None
        if path.stat().st_size > limits.file_octets:
            gaps.append(f"{name} is larger than {limits.file_octets // 1024} KiB and was not looked at")
            return None
        data = path.read_bytes()
    except OSError as error:
        gaps.append(f"{name} could not be read: {error.strerror or error}")
        return None
    return None if b"\0" in data else data.decode("utf-8", "replace").removeprefix("\ufeff")


def _listed(folder: Path, *what: str) -> tuple[str, ...] | None:
    """What git lists below the folder, or `None` where git or a repository is missing."""
    command = ["git", "-C", str(folder), "--no-optional-locks", "-c", "core.fsmonitor=false", "ls-files", "-z", *what]
    try:
        done = subprocess.run(command, capture_output=True, timeout=WITHIN_S, check=False, stdin=subprocess.DEVNULL)
    except (OSError, subprocess.TimeoutExpired):
        return None
    if done.returncode != 0:
        return None
    return tuple(name for name in done.stdout.decode("utf-8", "surrogateescape").split("\0") if name)


def _walked(folder: Path) -> Iterator[str]:
    for above, folders, names in os.walk(folder):
        folders[:] = sorted(set(folders) - _NEVER)
        yield from ((Path(above) / name).relative_to(folder).as_posix() for name in sorted(names))
