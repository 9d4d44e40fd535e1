"""Bounds what a state folder keeps of the past: runs, events and rotated logs, by age and by size."""

import fcntl
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

DAY_S = 86_400.0


@dataclass(frozen=True, slots=True)
class Kept:
    """One file or folder of the past: when it was last written (epoch seconds), and how large it is."""

    path: Path
    at: float
    size: int


def expired(kept: Iterable[Kept], *, now: float, max_age_days: float, max_size_mb: float) -> tuple[Path, ...]:
    """What has to go: everything too old, then the oldest until the rest fits."""
    by_age = sorted(kept, key=lambda one: one.at, reverse=True)
    budget = max_size_mb * 1024 * 1024
    gone = []
    for one in by_age:
        budget -= one.size
        if now - one.at > max_age_days * DAY_S or budget < 0:
            gone.append(one.path)
    return tuple(gone)


@contextmanager
def in_use(folder: Path) -> Iterator[None]:
    """While this lasts, `purge` of any process spares the run whose folder it is; a kill ends it too."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH)
        yield
    finally:
        os.close(descriptor)


def purge(state_dir: Path, *, now: float, max_age_days: float, max_size_mb: float) -> tuple[Path, ...]:
    """Remove what has expired, and whatever a killed run left of ansible-runner's own files; spare runs `in_use`."""
    runs = list(state_dir.glob("runs/*"))
    spared = {folder.name for folder in runs if _is_in_use(folder)}
    for folder in runs:
        if folder.name not in spared:
            shutil.rmtree(folder / "ansible", ignore_errors=True)
    found = [*runs, *state_dir.glob("events/*.jsonl"), *state_dir.glob("logs/*.log.*")]
    kept = [_kept(path) for path in found if path.stem not in spared and path.exists()]
    gone = expired(kept, now=now, max_age_days=max_age_days, max_size_mb=max_size_mb)
    for path in gone:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
    return gone


def _is_in_use(folder: Path) -> bool:
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    else:
        return False
    finally:
        os.close(descriptor)


def _kept(path: Path) -> Kept:
    files = [path, *path.rglob("*")] if path.is_dir() else [path]
    stats = [file.lstat() for file in files]
    return Kept(path, max(stat.st_mtime for stat in stats), sum(stat.st_size for stat in stats))
