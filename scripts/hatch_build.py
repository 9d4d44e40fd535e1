"""Puts the templates' history into the wheel and the sdist, as a git bundle: `copier update` needs it, offline too.

A release (HEAD is tagged v1.2.3) carries the history of the templates alone: projects made from it remember the tag,
which means the same in the public repository. Any other build carries the whole history, since projects made from it
remember a commit, and that commit must be the public one. A wheel built from an sdist takes over the bundle in it; one
built where there is neither git nor a bundle has none, and `create` says what that costs.
"""

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

BUNDLE = "templates.bundle"
PLACES = {"wheel": f"blissful_infra/_content/{BUNDLE}", "sdist": BUNDLE}
TEMPLATE_PATHS = (":(top)copier.yml", ":(top)copier-templates")  # fast-export drops the `--`: these can be nothing else
RELEASE = re.compile(r"v?\d+(\.\d+)*")
NOBODY = {
    f"GIT_{who}_{what}": value
    for who in ("AUTHOR", "COMMITTER")
    for what, value in {"NAME": "blissful-infra", "EMAIL": "blissful-infra@localhost"}.items()
}


class TemplateHistoryHook(BuildHookInterface[Any]):
    """Runs at each build; an editable install needs nothing, it has the checkout."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Make the bundle and add it to what is packed."""
        self.scratch = Path(tempfile.mkdtemp(prefix="blissful-build-"))
        root = Path(self.root)
        if version == "editable" or self.target_name not in PLACES:
            return
        if (root / ".git").exists() and shutil.which("git"):
            bundle = make_bundle(root, self.scratch)
        elif (root / BUNDLE).is_file():
            bundle = root / BUNDLE
        else:
            self.app.display_warning(
                "no git history here: projects of this build cannot be updated from their template"
            )
            return
        build_data["force_include"][str(bundle)] = PLACES[self.target_name]

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove what was made on the way."""
        shutil.rmtree(self.scratch)


def make_bundle(checkout: Path, scratch: Path) -> Path:
    """A bundle with HEAD, a branch there and the releases before it."""
    history = scratch / "history"
    git(scratch, "clone", "--quiet", "--bare", "--", str(checkout), str(history))
    head = git(history, "rev-parse", "HEAD")
    releases = [tag for tag in git(history, "tag", "--merged", head).split() if RELEASE.fullmatch(tag)]
    released = set(releases) & set(git(history, "tag", "--points-at", head).split())
    git(history, "update-ref", "--no-deref", "HEAD", head)
    git(history, "update-ref", "refs/heads/main", head)
    git(history, "symbolic-ref", "HEAD", "refs/heads/main")
    if released:
        history = templates_alone(history, scratch / "templates", releases)
    bundle = scratch / BUNDLE
    git(history, "bundle", "create", "--quiet", str(bundle), "HEAD", "refs/heads/main", *map(tag_ref, releases))
    return bundle


def templates_alone(history: Path, into: Path, releases: list[str]) -> Path:
    """The history without what templates do not need; releases that share a commit stay apart by their tags' dates."""
    git(history, "init", "--quiet", "--bare", str(into))
    stream = into / "stream"
    options = ["--signed-tags=strip", "--tag-of-filtered-object=rewrite", "--reencode=yes"]
    with stream.open("wb") as out:
        exporting = ["git", "fast-export", *options, "refs/heads/main", *map(tag_ref, releases), "--", *TEMPLATE_PATHS]
        subprocess.run(exporting, cwd=history, check=True, stdout=out)
    with stream.open("rb") as read:
        subprocess.run(["git", "fast-import", "--quiet"], cwd=into, check=True, stdin=read)
    stream.unlink()
    for tag in releases:
        when = git(history, "log", "-1", "--format=%cI", tag_ref(tag))
        commit = git(into, "rev-parse", f"{tag_ref(tag)}^{{commit}}")
        git(into, "tag", "--force", "--annotate", "--no-sign", "--message", tag, tag, commit, GIT_COMMITTER_DATE=when)
    git(into, "symbolic-ref", "HEAD", "refs/heads/main")
    return into


def tag_ref(tag: str) -> str:
    """The full name, which no branch can shadow."""
    return f"refs/tags/{tag}"


def git(folder: Path, *arguments: str, **environment: str) -> str:
    """What git says; its errors end the build."""
    done = subprocess.run(
        ["git", *arguments], cwd=folder, check=True, stdout=subprocess.PIPE, text=True,
        env={**os.environ, **NOBODY, **environment},
    )  # fmt: skip
    return done.stdout.strip()
