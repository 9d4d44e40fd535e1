"""The question at the end of `analyze`: nothing without a yes, a branch and a pull request with one."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pexpect
import pytest

from agent.knowledge.embedders.lexical import LexicalEmbedder
from agent.knowledge.opening import open_sqlite
from tests.github import GitHubStandIn, with_remote
from tests.terminal.toy import run, spawn
from tests.unit.fixing.projects import a_finding, a_repository, an_incident, git

pytestmark = pytest.mark.slow


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = a_repository(tmp_path / "shop")
    logs = folder / ".blissful" / "logs"
    logs.mkdir(parents=True)
    (logs / "app.log").write_text(
        f"{datetime.now(UTC).isoformat()} ERROR java.lang.OutOfMemoryError: Java heap space\n"
    )
    return folder


def branches(folder: Path) -> list[str]:
    return git(folder, "branch", "--format=%(refname:short)").splitlines()


def asked(folder: Path, *arguments: str) -> "pexpect.spawn[str]":
    child = spawn(folder, "analyze", "--no-model", *arguments)
    child.expect(r"\[AUTO-FIX AVAILABLE\] Raise the memory limit of app from 256m to 512m")
    return child


def test_a_no_changes_nothing(folder: Path) -> None:
    child = asked(folder)
    child.expect(r"\+    mem_limit: 512m")
    child.expect(r"Apply fix and create PR\? \[y/N\]")
    child.sendline("")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0
    assert branches(folder) == ["main"]


def test_no_input_asks_nothing(folder: Path) -> None:
    child = asked(folder, "--no-input")
    child.expect(pexpect.EOF)
    child.close()
    assert "Apply fix" not in str(child.before)
    assert branches(folder) == ["main"]


def test_a_yes_makes_the_branch_and_the_pull_request(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_remote(folder, tmp_path / "bare.git")
    with GitHubStandIn(tmp_path / "bare.git") as github:
        monkeypatch.setenv("GITHUB_API_URL", github.url)
        monkeypatch.setenv("GITHUB_TOKEN", "a-good-token")
        child = asked(folder)
        child.expect(r"Apply fix and create PR\? \[y/N\]")
        child.sendline("y")
        child.expect("Made the branch fix/raise-memory-limit-")
        child.expect("Outcome: not-run")
        child.expect("Send the fix and its redacted findings to 127.0.0.1")
        child.sendline("y")
        child.expect("Created PR #142: fix/raise-memory-limit-")
        child.expect(pexpect.EOF)
        child.close()
        assert child.exitstatus == 0
        assert len(github.pulls) == 1
    assert len(branches(folder)) == 2


def test_without_a_remote_the_branch_stays_and_the_reason_is_told(folder: Path) -> None:
    child = asked(folder)
    child.expect(r"Apply fix and create PR\? \[y/N\]")
    child.sendline("y")
    child.expect("No pull request: the repository has no remote to push to")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0
    assert len(branches(folder)) == 2


def test_a_playbook_restarts_a_real_service_and_the_outcome_is_kept(toy: Path) -> None:
    assert run(toy, "up").returncode == 0
    before = pids(toy)
    finding = a_finding("cache-full", subject="redis", cause="The Redis cache refuses writes.")
    with open_sqlite(toy / ".blissful", LexicalEmbedder()) as base:
        base.record(an_incident(finding))
    done = run(toy, "fix", "apply", "--fix", "restart-service", "--yes", "-o", "json")
    assert done.returncode == 0, done.stderr
    assert "Redis ready" in done.stderr
    (applied,) = json.loads(done.stdout)["applied"]
    assert "fix_restart" in applied["attempt"]["run_id"]
    assert applied["outcome"]["result"] == "resolved"
    after = pids(toy)
    assert (after["app"], after["redis"] != before["redis"]) == (before["app"], True)
    with open_sqlite(toy / ".blissful", LexicalEmbedder()) as base:
        (incident,) = base.incidents()
        assert (incident.state.value, incident.resolution) == ("resolved", "Restart redis")
        (rate,) = base.success_rates(incident.pattern)
        assert (rate.fix_id, rate.tried, rate.resolved) == ("restart-service", 1, 1)


def pids(folder: Path) -> dict[str, int]:
    stack = json.loads(run(folder, "status", "-o", "json").stdout)["stacks"][0]
    return {service["name"]: service["pid"] for service in stack["services"]}
