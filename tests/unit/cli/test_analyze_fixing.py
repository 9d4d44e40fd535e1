"""`analyze` ends with the fix for its first cause, and records what `fix` then works on."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.schemas import check_against_schema
from tests.unit.cli.calling import Call, caller_in
from tests.unit.fixing.projects import a_repository, git

NOW = datetime.now(UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = a_repository(tmp_path / "shop")
    logs = folder / ".blissful" / "logs"
    logs.mkdir(parents=True)
    at = f"{NOW - timedelta(minutes=5):%Y-%m-%dT%H:%M:%S}Z"
    (logs / "app.log").write_text(f"{at} INFO started\n{at} ERROR java.lang.OutOfMemoryError: Java heap space\n")
    return folder


@pytest.fixture
def call(folder: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Call:
    return caller_in(folder, capfd, monkeypatch)


def test_the_suggested_fix_stands_at_the_end_and_can_be_applied(folder: Path, call: Call) -> None:
    done = call("analyze", "--no-model")
    assert done.code == 0, done.err
    assert done.out.rstrip().endswith(
        "Suggested fix:\n  [AUTO-FIX AVAILABLE] Raise the memory limit of app from 256m to 512m"
    )
    assert "Apply fix" not in done.out + done.err  # no terminal, no question
    assert "`blissful-infra fix apply " in done.err
    applied = call("fix", "apply", "--yes", "-o", "json")
    assert applied.code == 0, applied.err
    (one,) = json.loads(applied.out)["applied"]
    assert "512m" in git(folder, "show", f"{one['attempt']['branch']}:compose.yaml")


def test_json_has_the_fixes_of_the_first_finding(call: Call) -> None:
    document = json.loads(call("analyze", "--no-model", "-o", "json").out)
    check_against_schema("analyze.v1", document)
    fixes = document["findings"][0]["fixes"]
    assert [fix["id"] for fix in fixes] == ["raise-memory-limit", "restart-service"]
    assert fixes[0]["patch"].startswith("diff --git a/compose.yaml b/compose.yaml\n")


def test_without_git_a_playbook_is_suggested(
    tmp_path: Path, folder: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "plain"
    (other / ".blissful" / "logs").mkdir(parents=True)
    for name in ("blissful-infra.yaml", ".blissful/logs/app.log"):
        (other / name).write_text((folder / name).read_text())
    done = caller_in(other, capfd, monkeypatch)("analyze", "--no-model")
    assert "[PLAYBOOK AVAILABLE] Restart app" in done.out
