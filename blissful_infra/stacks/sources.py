"""Whether a service's sources changed since it was built, and which commit they are of."""

import hashlib
import os
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from blissful_infra.paths import PROJECT_FILE
from blissful_infra.stacks.plan import BuildStamp

BUILT = frozenset({"target", "build", "dist", "node_modules", "__pycache__"})
"""Folders that builds write, left out where git does not say what is ignored."""


def revision_of(folder: Path) -> str:
    """The commit checked out in the folder, or `unknown`."""
    return _git(folder, "rev-parse", "HEAD").strip() or "unknown"


def stamp_of(folder: Path, before: BuildStamp | None) -> tuple[BuildStamp, bool]:
    """What the folder would be built from now, and whether that differs from `before`.

    Judged by the commit and by name, size and time of each file that git does not ignore; touching a file builds again.
    """
    revision = revision_of(folder)
    digest = hashlib.sha256(revision.encode())
    for name in sorted(_source_files(folder)):
        try:
            seen = (folder / name).lstat()
        except OSError:
            continue
        digest.update(f"\0{name}\0{seen.st_size}\0{seen.st_mtime_ns}\0{seen.st_mode}".encode(errors="surrogateescape"))
    fingerprint = digest.hexdigest()[:24]
    if before and before.fingerprint == fingerprint:
        return before, False
    return BuildStamp(fingerprint, revision, datetime.now(UTC).isoformat(timespec="seconds")), True


def _source_files(folder: Path) -> Iterator[str]:
    listed = _git(folder, "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", ".")
    names = (name for name in listed.split("\0") if name) if listed else _walked(folder)
    return (name for name in names if name != PROJECT_FILE and not name.startswith(".blissful/"))


def _walked(folder: Path) -> Iterator[str]:
    for parent, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".") and name not in BUILT]
        for name in files:
            yield os.path.relpath(Path(parent) / name, folder)


def _git(folder: Path, *arguments: str) -> str:
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), *arguments],
            capture_output=True,
            text=True,
            errors="surrogateescape",
            check=False,
            timeout=20,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout if done.returncode == 0 else ""
