"""A fix becomes a branch, and nothing else of the repository changes; a killed one is told and mended."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from agent.domain.fix import PatchFix
from blissful_infra.fixing.attempts import Attempts, FixBusyError
from blissful_infra.fixing.branching import make_branch, refuse_bad
from blissful_infra.fixing.errors import FixNotApplicableError, NoRepositoryError
from blissful_infra.fixing.mending import mend
from blissful_infra.fixing.repository import Repository
from tests.unit.fixing.projects import COMPOSE, NOW, a_patch, a_repository, an_incident, git, head


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return a_repository(tmp_path / "shop")


def everything(folder: Path) -> dict[str, bytes]:
    """The working tree, the index and what is checked out."""
    found = {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file() and ".git" not in path.parts}
    return found | {"index": (folder / ".git" / "index").read_bytes(), "HEAD": (folder / ".git" / "HEAD").read_bytes()}


def test_the_branch_has_the_fix_and_the_dirty_tree_is_as_it_was(folder: Path) -> None:
    (folder / "compose.yaml").write_text("edited: by hand\n")
    (folder / "new.txt").write_text("new\n")
    git(folder, "add", "new.txt")
    before = everything(folder)
    repository = Repository(folder)
    attempt = make_branch(repository, Attempts(folder / ".blissful"), an_incident(), a_patch(head(folder)), NOW)
    journal = folder / ".blissful" / "fixes.jsonl"
    assert {path: data for path, data in everything(folder).items() if path != str(journal)} == before
    assert attempt.branch == "fix/raise-memory-limit-3f2a00c0"
    assert git(folder, "show", f"{attempt.branch}:compose.yaml") == COMPOSE.replace("256m", "512m").strip()
    assert git(folder, "rev-parse", f"{attempt.branch}^") == head(folder)
    message = git(folder, "log", "-1", "--format=%B", attempt.branch)
    assert message.splitlines() == [
        "Raise the memory limit", "", "It was too low.", "", "Incident: 3f2a00c0ffee", "Fix: raise-memory-limit",
    ]  # fmt: skip
    (kept,) = Attempts(folder / ".blissful").all()
    assert kept == attempt
    assert (kept.state, kept.commit) == ("applied", git(folder, "rev-parse", attempt.branch))


def test_a_second_attempt_gets_a_branch_of_its_own(folder: Path) -> None:
    repository, attempts = Repository(folder), Attempts(folder / ".blissful")
    first = make_branch(repository, attempts, an_incident(), a_patch(head(folder)), NOW)
    second = make_branch(repository, attempts, an_incident(), a_patch(head(folder)), NOW.replace(minute=1))
    assert second.branch == f"{first.branch}-2"


def test_a_project_below_the_top_of_its_repository(tmp_path: Path) -> None:
    top = a_repository(tmp_path / "mono", {"shop/compose.yaml": COMPOSE})
    fix = a_patch(head(top), path="shop/compose.yaml")
    attempt = make_branch(Repository(top / "shop"), Attempts(top / ".blissful"), an_incident(), fix, NOW)
    assert "512m" in git(top, "show", f"{attempt.branch}:shop/compose.yaml")


def test_hooks_and_filters_of_the_repository_are_not_started(folder: Path, tmp_path: Path) -> None:
    for name in ("post-checkout", "pre-commit", "reference-transaction", "post-index-change"):
        hook = folder / ".git" / "hooks" / name
        hook.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran-{name}\n")
        hook.chmod(0o755)
    make_branch(Repository(folder), Attempts(folder / ".blissful"), an_incident(), a_patch(head(folder)), NOW)
    assert list(tmp_path.glob("ran-*")) == []


LINK = (
    "diff --git a/link b/link\nnew file mode 120000\n--- /dev/null\n+++ b/link\n@@ -0,0 +1 @@\n+/etc/passwd\n"
    "\\ No newline at end of file\n"
)
OUTSIDE = "diff --git a/../x b/../x\nnew file mode 100644\n--- /dev/null\n+++ b/../x\n@@ -0,0 +1 @@\n+x\n"
WORKFLOW = OUTSIDE.replace("../x", ".github/workflows/ci.yml")
HOOK = OUTSIDE.replace("../x", ".git/hooks/pre-commit")


@pytest.mark.parametrize(
    ("patch", "says"),
    [
        (LINK, "no ordinary file"),
        (OUTSIDE, "does not apply"),
        (WORKFLOW, "fixes stay out of"),
        (HOOK, "does not apply"),
        ("nonsense", "does not apply"),
        ("", "does not apply"),
        (WORKFLOW.replace(".github/workflows/ci.yml", "app.py").replace("+x", "+x = ("), "no valid py"),
        ("diff --git a/compose.yaml b/compose.yaml\nold mode 100644\nnew mode 120000\n", "does not apply"),
    ],
)
def test_what_must_not_be_applied_is_refused_and_makes_no_branch(folder: Path, patch: str, says: str) -> None:
    repository, attempts = Repository(folder), Attempts(folder / ".blissful")
    with pytest.raises(FixNotApplicableError, match=says):
        refuse_bad(repository, PatchFix(patch=patch, base=head(folder)))
    with pytest.raises(FixNotApplicableError):
        make_branch(repository, attempts, an_incident(), a_patch(head(folder), patch=patch or "x"), NOW)
    assert git(folder, "branch", "--format=%(refname:short)") == "main"
    assert attempts.all() == ()


def test_a_patch_for_other_texts_does_not_apply_and_says_so(folder: Path) -> None:
    with pytest.raises(FixNotApplicableError) as caught:
        refuse_bad(Repository(folder), a_patch(head(folder), before="a: 1\n", after="a: 2\n").action)  # type: ignore[arg-type]
    assert "compose.yaml" in caught.value.context["git"]


def test_without_a_name_git_says_what_to_set(folder: Path, monkeypatch: pytest.MonkeyPatch, own_home: Path) -> None:
    (own_home / "gitconfig").write_text("[user]\n\tuseConfigOnly = true\n")
    monkeypatch.delenv("EMAIL", raising=False)
    attempts = Attempts(folder / ".blissful")
    with pytest.raises(FixNotApplicableError, match="who you are"):
        make_branch(Repository(folder), attempts, an_incident(), a_patch(head(folder)), NOW)
    assert [attempt.state for attempt in attempts.all()] == ["failed"]


def test_no_repository_and_an_empty_one_are_told(tmp_path: Path) -> None:
    with pytest.raises(NoRepositoryError):
        Repository(tmp_path)
    git(tmp_path, "init", "--quiet")
    with pytest.raises(NoRepositoryError):
        Repository(tmp_path)


KILLED = """
import os, signal, sys
from pathlib import Path
from blissful_infra.fixing.attempts import Attempts
from blissful_infra.fixing.branching import make_branch
from blissful_infra.fixing.repository import Repository
from tests.unit.fixing.projects import NOW, a_patch, an_incident, head

folder, at = Path(sys.argv[1]), sys.argv[2]

class Killed(Repository):
    def git_bytes(self, *arguments, **given):
        if arguments[0] == at.removesuffix("+") and not at.endswith("+"):
            os.kill(os.getpid(), signal.SIGKILL)
        result = super().git_bytes(*arguments, **given)
        if arguments[0] + "+" == at:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    @property
    def patched(self):
        def opened(base, patch):
            import blissful_infra.fixing.repository as module
            module.Repository = Killed
            return Repository.patched.__get__(self)(base, patch)
        return opened

attempts = Attempts(folder / ".blissful")
with attempts.alone():
    make_branch(Killed(folder), attempts, an_incident(), a_patch(head(folder)), NOW)
"""


@pytest.mark.parametrize(
    ("at", "says", "branches"),
    [
        ("commit-tree", "had changed nothing yet", "main"),
        ("commit-tree+", "had changed nothing yet", "main"),
        ("update-ref", "had changed nothing yet", "main"),
        ("update-ref+", "it is complete, and kept", "fix/raise-memory-limit-3f2a00c0\nmain"),
    ],
)
def test_kill_9_at_any_point_is_told_and_mended_by_the_next_command(
    folder: Path, at: str, says: str, branches: str
) -> None:
    root = Path(__file__).parents[3]
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(folder), at], cwd=root, env={**os.environ, "PYTHONPATH": str(root)},
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL, done.stderr
    attempts = Attempts(folder / ".blissful")
    assert [attempt.state for attempt in attempts.all()] == ["open"]
    with attempts.alone():  # the lock died with its holder
        (told,) = mend(Repository(folder), attempts)
        assert says in told
        assert mend(Repository(folder), attempts) == []
    assert git(folder, "branch", "--format=%(refname:short)") == branches
    assert git(folder, "status", "--porcelain") == ""
    again = make_branch(Repository(folder), attempts, an_incident(), a_patch(head(folder)), NOW.replace(minute=9))
    assert again.state == "applied"


def test_two_commands_do_not_apply_at_once(folder: Path) -> None:
    first, second = Attempts(folder / ".blissful"), Attempts(folder / ".blissful")
    with first.alone(), pytest.raises(FixBusyError), second.alone():
        pass
    with second.alone():
        pass


def test_torn_and_foreign_lines_of_the_journal_are_passed_over(folder: Path) -> None:
    attempts = Attempts(folder / ".blissful")
    attempt = make_branch(Repository(folder), attempts, an_incident(), a_patch(head(folder)), NOW)
    path = folder / ".blissful" / "fixes.jsonl"
    path.write_bytes(
        b'\xff\xfe\n[1]\n"x"\n{"act":"begin"}\n' + path.read_bytes() + b'{"act":"note","attempt":"x"}\n{"act":"no'
    )
    assert attempts.all() == (attempt,)
    noted = attempts.note(attempt, result="resolved")
    assert attempts.all() == (noted,)
