"""The database migrations of a project, and whether each can be undone, by the mark in its first line."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

MARK = re.compile(r"^\W*blissful: (?P<mark>reversible|irreversible)\s*$")
SKIPPED = frozenset({"target", "build", "dist", "node_modules", "__pycache__", "deploy"})


def migrations_of(folder: Path) -> dict[str, bool]:
    """File name -> whether it can be undone. A file without a mark counts as one that can."""
    found = {}
    for path in _files(folder):
        with path.open(encoding="utf-8", errors="replace") as file:
            marked = MARK.match(file.readline(200))
        if marked:
            found[path.name] = marked["mark"] == "reversible"
    return found


def _files(folder: Path) -> Iterator[Path]:
    for parent, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in SKIPPED)
        place = Path(parent)
        if {"migration", "migrations", "versions"} & set(place.relative_to(folder).parts):
            yield from (place / name for name in sorted(files) if name.endswith((".sql", ".py")))
