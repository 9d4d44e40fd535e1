"""Where Copier takes the templates from, so that a project can be updated later, and offline.

The answers of a project always name the public repository. Copier is led to what is installed here instead: a git
bundle inside the wheel, or the checkout. Git itself does that, by `url.<here>.insteadOf` given through the environment;
every other transport is forbidden meanwhile, so that no call leaves the machine.

Two sources cannot be updated from, and say so: a checkout with uncommitted template changes, which is rendered as it
stands, and a plain folder (no git on this machine, or a package built without history).
"""

import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from blissful_infra import paths
from blissful_infra.errors import RenderError

PUBLIC_URL = "https://github.com/blissful-infra/blissful-infra.git"
BUNDLE = "templates.bundle"
TEMPLATE_PATHS = ("copier.yml", "copier-templates")
BOUND_TO_A_REPOSITORY = ("GIT_DIR", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_PREFIX", "GIT_WORK_TREE")


@dataclass(frozen=True, slots=True)
class TemplateSource:
    """What Copier is given: `url`, `ref` and environment variables; `note` tells why a project cannot be updated."""

    url: str
    ref: str | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    note: str | None = None


def find_source(root: Path | None = None) -> TemplateSource:
    """The source of the templates installed here. Raises `RenderError` for a checkout that git refuses to read."""
    root = root or paths.content_root()
    if shutil.which("git") is None:
        return TemplateSource(str(root), note="git is missing, so `copier update` will not know this project's version")
    if (root / BUNDLE).is_file():
        return TemplateSource(PUBLIC_URL, bundled_commit(root / BUNDLE), redirection(root / BUNDLE))
    if not (root / ".git").exists():
        return TemplateSource(
            str(root), note="this blissful-infra was built without its history, so `copier update` will not work"
        )
    if _git(root, "status", "--porcelain", "--", *TEMPLATE_PATHS):
        return TemplateSource(
            str(root), "HEAD", note=f"made from uncommitted templates in {root}, so `copier update` will not work"
        )
    return TemplateSource(PUBLIC_URL, _git(root, "rev-parse", "HEAD"), redirection(root))


def redirection(place: Path, environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Environment variables under which git reads the public repository from `place`, and nothing from a network."""
    number = int(environ.get("GIT_CONFIG_COUNT") or 0)
    return {
        "GIT_CONFIG_COUNT": str(number + 1),
        f"GIT_CONFIG_KEY_{number}": f"url.{place}.insteadOf",
        f"GIT_CONFIG_VALUE_{number}": PUBLIC_URL,
        "GIT_ALLOW_PROTOCOL": "file",
    }


def bundled_commit(bundle: Path) -> str:
    """The commit that the bundle's HEAD names. Its header is text: `<commit> <reference>` lines up to an empty one."""
    with bundle.open("rb") as stream:
        for line in iter(stream.readline, b"\n"):
            commit, _, reference = line.decode().strip().partition(" ")
            if reference == "HEAD":
                return commit
    raise ValueError(f"{bundle} has no HEAD")


def unbound(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment without the variables a git hook sets, which would lead git to another repository."""
    return {name: value for name, value in environ.items() if name not in BOUND_TO_A_REPOSITORY}


def _git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", *arguments], cwd=folder, env=unbound(os.environ), capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise RenderError(
            f"git cannot read the templates in {folder}",
            hint=f"git -C {folder} {arguments[0]}",
            context={"git": done.stderr.strip()},
        )
    return done.stdout.strip()
