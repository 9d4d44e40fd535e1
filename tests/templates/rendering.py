"""The templates as they stand in this checkout, and every choice they offer."""

import itertools
import shutil
import subprocess
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import copier

from blissful_infra.scaffold.catalogue import read_templates

ROOT = Path(__file__).parents[2]
TEMPLATES = tuple(read_templates(ROOT))
NOBODY = ("-c", "user.name=Test", "-c", "user.email=test@example.invalid")

FULL = {"database": "postgres", "kafka": True, "redis": True}
BARE = {"database": "none", "kafka": False, "redis": False}
PAIRS = [
    {"database": "postgres", "kafka": False, "redis": False},
    {"database": "none", "kafka": True, "redis": False},
    {"database": "none", "kafka": False, "redis": True},
]
"""With FULL and BARE, every pair of choices meets in one of these."""


def every_choice() -> Iterator[Any]:
    """Each template with each combination of its database, Kafka and Redis; as (template, answers)."""
    for template, database, kafka, redis in itertools.product(
        TEMPLATES, ("postgres", "none"), (True, False), (True, False)
    ):
        yield template, {"database": database, "kafka": kafka, "redis": redis}


def name_of(choice: Any) -> str:
    """A test id: `fastapi-postgres-kafka`."""
    if isinstance(choice, Mapping):
        parts = [str(choice["database"]), *(part for part in ("kafka", "redis") if choice[part])]
        return "-".join(part for part in parts if part != "none") or "alone"
    return str(choice)


def copied(source: Path | str, into: Path, answers: Mapping[str, Any], ref: str | None = None) -> Path:
    """What plain Copier makes of a source."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        copier.run_copy(str(source), into, data=dict(answers), defaults=True, vcs_ref=ref, quiet=True)
    return into


def snapshot(into: Path) -> Path:
    """This checkout as it stands, uncommitted changes included, as a clean git repository tagged v0.1.0."""
    for name in git(ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard").split("\0"):
        if name and (ROOT / name).is_file():
            (into / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, into / name)
    git(into, "init", "--quiet")
    commit(into, "v0.1.0")
    return into


def commit(repository: Path, tag: str) -> None:
    """Commit everything and tag it."""
    git(repository, "add", "--all")
    git(repository, *NOBODY, "commit", "--quiet", "--message", tag)
    git(repository, "tag", tag)


def git(folder: Path, *arguments: str) -> str:
    """What git answers; its failure is the test's."""
    done = subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def tree(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Path -> executable bits and bytes; the answers file without the lines that tell its source."""
    found = {}
    for file in sorted(folder.rglob("*")):
        if file.is_dir() or ".git" in file.relative_to(folder).parts:
            continue
        content = file.read_bytes()
        if file.name == ".copier-answers.yml":
            lines = content.splitlines(keepends=True)
            content = b"".join(
                line for line in lines if not line.startswith((b"_commit:", b"_src_path:", b"template:"))
            )
        found[str(file.relative_to(folder))] = (file.stat().st_mode & 0o111, content)
    return found
