"""Which commit a project stands at, asked of git."""

from pathlib import Path

from blissful_infra.delivery.commands import CommandFailedError, run
from blissful_infra.delivery.images.image import Source
from blissful_infra.errors import UsageError

ASK = "commit the project to git: an image is named by its commit"


class NoCommitError(UsageError):
    """There is no such commit."""

    code = "no-commit"


def source_of(folder: Path) -> Source:
    """The commit checked out in the folder, and whether files of it differ from that; ignored files do not count."""
    commit = run(["git", "rev-parse", "--verify", "HEAD"], why="the project has no commit", hint=ASK, folder=folder)
    changed = run(["git", "status", "--porcelain", "--", "."], why="git does not say what changed", folder=folder)
    return Source(commit.strip(), dirty=bool(changed.strip()))


def commit_of(folder: Path, ref: str) -> str:
    """The full commit that a branch, a tag or a short hash means."""
    if ref.startswith("-"):
        raise NoCommitError(f"{ref!r} is no commit")
    words = ["git", "rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}"]
    return run(words, why=f"{ref!r} is no commit of this project", hint=ASK, folder=folder).strip()


def branch_commit(folder: Path, branch: str) -> str:
    """The commit of a branch: of this repository, of `origin` as it was last fetched, or the one checked out by itself.

    The last is how pipelines check a branch out: without its name.
    """
    for place in (f"refs/heads/{branch}", f"refs/remotes/origin/{branch}"):
        try:
            words = ["git", "show-ref", "--verify", "--hash", "--", place]
            return run(words, why=f"{branch!r} is no branch of this project", folder=folder).strip()
        except CommandFailedError:
            continue
    try:
        checked_out = run(["git", "symbolic-ref", "--short", "HEAD"], why="no branch is checked out", folder=folder)
    except CommandFailedError:
        return commit_of(folder, "HEAD")
    raise NoCommitError(
        f"git knows no branch {branch!r}, and {checked_out.strip()} is checked out",
        hint="fetch it, check it out, or say which commit it is: --ref",
    )
