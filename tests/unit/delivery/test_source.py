"""Which commit a branch is: here, at origin, or checked out without its name, as pipelines do."""

from pathlib import Path

import pytest

from blissful_infra.delivery.commands import CommandFailedError
from blissful_infra.delivery.previews.options import ref_of
from blissful_infra.delivery.previews.preview import Subject
from blissful_infra.delivery.source import NoCommitError, branch_commit
from tests.templates.rendering import git


@pytest.fixture
def commits(tmp_path: Path) -> tuple[Path, str, str]:
    """A repository with two commits on main."""
    git(tmp_path, "init", "--quiet", "--initial-branch=main")
    for text in ("one", "two"):
        (tmp_path / "file").write_text(text)
        git(tmp_path, "add", "--all")
        git(tmp_path, "commit", "--quiet", "--message", text)
    return tmp_path, git(tmp_path, "rev-parse", "HEAD~1"), git(tmp_path, "rev-parse", "HEAD")


def test_a_branch_of_this_repository_comes_before_origins(commits: tuple[Path, str, str]) -> None:
    folder, first, second = commits
    git(folder, "update-ref", "refs/remotes/origin/feature/x", second)
    assert branch_commit(folder, "feature/x") == second
    git(folder, "update-ref", "refs/heads/feature/x", first)
    assert branch_commit(folder, "feature/x") == first


def test_a_branch_that_git_does_not_know_is_what_a_pipeline_checked_out(commits: tuple[Path, str, str]) -> None:
    folder, first, _ = commits
    with pytest.raises(NoCommitError, match="main is checked out"):
        branch_commit(folder, "feature/x")
    git(folder, "checkout", "--quiet", first)
    assert branch_commit(folder, "feature/x") == first


@pytest.mark.parametrize("branch", ["main~1", "-q", "main^{tree}", "../heads/main"])
def test_a_name_that_git_would_read_as_more_than_a_name_is_no_branch(
    commits: tuple[Path, str, str], branch: str
) -> None:
    with pytest.raises(NoCommitError):
        branch_commit(commits[0], branch)


def test_what_was_named_wins_and_has_to_be_there(commits: tuple[Path, str, str]) -> None:
    folder, first, second = commits
    subject = Subject(branch="main")
    assert ref_of(folder, subject, ref=None, image=None) == second
    assert ref_of(folder, subject, ref=first, image=None) == first
    assert ref_of(folder, subject, ref=None, image="r.example/a:1") == ""
    assert ref_of(folder, Subject(pr=1), ref=None, image=None) == "HEAD"
    with pytest.raises(CommandFailedError):
        ref_of(folder, subject, ref="nowhere", image=None)
