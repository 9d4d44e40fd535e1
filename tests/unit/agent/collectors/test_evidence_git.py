"""What a repository's commits give as evidence, and that a beginning is no change."""

import json
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from agent.collectors.evidence.git_history import COMMITS, GitHistory
from agent.domain import Bound, Window

NOW = datetime.now(UTC)
WINDOW = Window(NOW - timedelta(hours=1), NOW + timedelta(hours=1))


def git(folder: Path, *words: str) -> None:
    subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository of three commits, the first with all its files."""
    folder = tmp_path / "repository"
    folder.mkdir()
    git(folder, "init", "--quiet")
    for number in range(3):
        (folder / "app.py").write_text(f"LIMIT = {number}\n")
        git(folder, "add", "--all")
        git(folder, "commit", "--quiet", "--message", f"change {number}")
    return folder


def seen(folder: Path) -> tuple[list[tuple[str, list[str]]], int]:
    """Each commit's message and files, and how many diffs there are."""
    documents = GitHistory(folder).gather(WINDOW, Bound()).documents
    (log,) = (each.text for each in documents if each.path == COMMITS)
    lines = [json.loads(line) for line in log.splitlines()]
    return [(line["message"], line["files"]) for line in lines], sum("/diffs/" in each.path for each in documents)


def test_the_first_commit_is_there_and_changes_nothing(repository: Path) -> None:
    assert seen(repository) == ([("change 0", []), ("change 1", ["app.py"]), ("change 2", ["app.py"])], 2)


def test_where_a_shallow_clone_begins_nothing_changes_either(repository: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "--quiet", "--depth=1", f"file://{repository}", "clone")
    assert seen(tmp_path / "clone") == ([("change 2", [])], 0)
