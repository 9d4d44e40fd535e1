"""The first commit of a new project.

Nothing about git ever keeps a project from being made: what was not done is said.
"""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from blissful_infra.scaffold.source import unbound

OWN_IDENTITY = {"user.name": "blissful-infra", "user.email": "blissful-infra@localhost"}


@dataclass(frozen=True, slots=True)
class FirstCommit:
    """The commit's hash, None where there is none; `note` says why, or what is particular about it."""

    revision: str | None
    note: str | None = None


def commit_first(project: Path, message: str, *, lying_in: Path) -> FirstCommit:
    """Make the folder a repository with one commit, unless the folder it is to lie in belongs to one already."""
    if shutil.which("git") is None:
        return FirstCommit(None, "no git repository: git is missing")
    if _git(lying_in, "rev-parse", "--is-inside-work-tree").stdout.strip() == "true":
        return FirstCommit(None, f"no git repository of its own: {lying_in} is inside one already")
    options: dict[str, str] = {}
    note = None
    if _git(project, "config", "init.defaultBranch").returncode != 0:
        options["init.defaultBranch"] = "main"
    if _git(project, "-c", "user.useConfigOnly=true", "var", "GIT_COMMITTER_IDENT").returncode != 0:
        options |= OWN_IDENTITY
        note = (
            "git knows no name and email of yours: set user.name and user.email, then git commit --amend --reset-author"
        )
    settings = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
    for arguments in (
        ("init", "--quiet"),
        ("add", "--all"),
        ("commit", "--quiet", "--no-verify", "--no-gpg-sign", "--message", message),
    ):
        done = _git(project, *settings, *arguments)
        if done.returncode != 0:
            shutil.rmtree(project / ".git", ignore_errors=True)
            why = done.stderr.strip().splitlines()
            return FirstCommit(
                None, f"no git repository: git {arguments[0]} failed: {why[-1] if why else done.returncode}"
            )
    return FirstCommit(_git(project, "rev-parse", "--short", "HEAD").stdout.strip(), note)


def _git(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["git", *arguments], cwd=folder, env=unbound(os.environ), capture_output=True, text=True, check=False
    )
