"""Bounds what a state folder keeps of the past: runs, events and rotated logs, by age and by size."""

import shutil
from collections.abc import Iterable
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


def purge(state_dir: Path, *, now: float, max_age_days: float, max_size_mb: float, spare: str = "") -> tuple[Path, ...]:
    """Remove what has expired, and whatever a killed run left of ansible-runner's own files."""
    for leftover in state_dir.glob("runs/*/ansible"):
        if leftover.parent.name != spare:
            shutil.rmtree(leftover, ignore_errors=True)
    found = [*state_dir.glob("runs/*"), *state_dir.glob("events/*.jsonl"), *state_dir.glob("logs/*.log.*")]
    kept = [_kept(path) for path in found if path.stem != spare and path.exists()]
    gone = expired(kept, now=now, max_age_days=max_age_days, max_size_mb=max_size_mb)
    for path in gone:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
    return gone


def _kept(path: Path) -> Kept:
    files = [path, *path.rglob("*")] if path.is_dir() else [path]
    stats = [file.lstat() for file in files]
    return Kept(path, max(stat.st_mtime for stat in stats), sum(stat.st_size for stat in stats))
