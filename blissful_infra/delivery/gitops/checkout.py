"""A temporary clone of the branch that Argo CD follows; the user's own working tree is never touched."""

import getpass
import os
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from blissful_infra.delivery.commands import run
from blissful_infra.delivery.gitops.target import PASSWORD, GitOpsTarget
from blissful_infra.delivery.kubernetes.manifests import ManifestError
from blissful_infra.delivery.kustomizing import kustomization_in
from blissful_infra.errors import MissingToolError

QUIET = {
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_SSH_COMMAND": os.environ.get("GIT_SSH_COMMAND", "ssh -o BatchMode=yes -o ConnectTimeout=10"),
}
"""Nobody sits there to type a password."""


class GitUnreachableError(MissingToolError):
    """The repository or the branch of an environment cannot be read."""

    code = "git-unreachable"


class Checkout:
    """A clone of one commit of the branch, as deep as is needed."""

    def __init__(self, folder: Path, target: GitOpsTarget) -> None:
        self.folder = folder
        self.target = target
        self.overlay = folder / target.path
        if not self.overlay.resolve().is_relative_to(folder.resolve()):
            raise ManifestError(f"{target.path} leads out of {target.shown}")

    @property
    def kustomization(self) -> Path:
        """The overlay's kustomization. Raises ManifestError where there is none."""
        found = kustomization_in(self.overlay)
        if found is None:
            raise ManifestError(
                f"the branch {self.target.branch} of {self.target.shown} has no kustomization in {self.target.path}",
                hint="push the overlay there, or say where it is: `gitops.path` of the environment",
            )
        if found.is_symlink():
            raise ManifestError(f"{self.target.path}/{found.name} is a link; a deploy writes to files alone")
        return found

    def tip(self) -> str:
        """The commit that the clone stands at."""
        return self._git("rev-parse", "HEAD").strip()

    def text(self) -> str:
        """The overlay's kustomization."""
        return self.kustomization.read_text(encoding="utf-8")

    def write(self, text: str) -> None:
        """Put another text into the overlay's kustomization."""
        self.kustomization.write_text(text, encoding="utf-8", newline="")

    def restore(self, commit: str) -> None:
        """Put the whole overlay back as a commit had it. Raises GitUnreachableError where that commit is gone."""
        found = self._try("cat-file", "-e", f"{commit}^{{commit}}")
        if found is not None:
            found = self._try("fetch", "--quiet", "--depth=1", "origin", commit)
        if found is not None:  # a server that gives no single commits
            found = self._try("fetch", "--quiet", "--unshallow", "origin", self.target.branch)
        if found is not None or self._try("cat-file", "-e", f"{commit}:{self.target.path}") is not None:
            raise GitUnreachableError(
                f"{self.target.shown} has no overlay {self.target.path} in the commit {commit[:12]} any more",
                hint="deploy that image instead: `blissful-infra releases` shows it, `deploy --image` takes it",
            )
        self._git("rm", "-r", "--quiet", "--force", "--ignore-unmatch", "--", self.target.path)
        self._git("checkout", "--quiet", commit, "--", self.target.path)

    def commit(self, message: str, author: Sequence[str]) -> str | None:
        """Commit what changed in the overlay; None where nothing did."""
        self._git("add", "--all", "--", self.target.path)
        if self._try("diff", "--cached", "--quiet") is None:
            return None
        self._git(*author, "commit", "--quiet", "--no-verify", f"--message={message}")
        return self.tip()

    def push(self) -> str | None:
        """Push the commit; None once the branch has it, else what the server said."""
        return self._try("push", "--quiet", "origin", f"HEAD:refs/heads/{self.target.branch}")

    def renew(self) -> None:
        """Take the branch as it is now, and forget what was done here. Raises GitUnreachableError."""
        said = self._try("fetch", "--quiet", "--depth=1", "origin", self.target.branch)
        if said is not None:
            raise _unreachable(self.target, said)
        self._git("reset", "--quiet", "--hard", "FETCH_HEAD")
        self._git("clean", "--quiet", "-fd")

    def _git(self, *words: str) -> str:
        return run(["git", *words], why=f"git {words[0]} failed", folder=self.folder, variables=QUIET)

    def _try(self, *words: str) -> str | None:
        return _failure_of(*words, folder=self.folder)


@contextmanager
def checkout(target: GitOpsTarget) -> Iterator[Checkout]:
    """A clone of the newest commit of the branch, gone afterwards. Raises GitUnreachableError."""
    with tempfile.TemporaryDirectory(prefix="blissful-") as scratch:
        folder = Path(scratch).resolve() / "clone"
        words = ["clone", "--quiet", "--depth=1", "--single-branch", "--no-tags", "--branch", target.branch]
        try:
            said = _failure_of(*words, "--", target.repository, str(folder))
        except FileNotFoundError:
            raise MissingToolError(
                "git is not installed", hint="install git, and make sure that PATH finds it"
            ) from None
        if said is not None:
            raise _unreachable(target, said)
        yield Checkout(folder, target)


def author_of(folder: Path) -> tuple[str, ...]:
    """Options of git that say who commits: the project's settings, else this machine's user."""
    known = {}
    for key in ("user.name", "user.email"):
        done = subprocess.run(["git", "config", key], cwd=folder, capture_output=True, text=True, check=False)
        known[key] = done.stdout.strip()
    name = known["user.name"] or os.environ.get("GIT_AUTHOR_NAME") or getpass.getuser()
    email = known["user.email"] or os.environ.get("GIT_AUTHOR_EMAIL") or "deploy@blissful-infra.invalid"
    return "-c", f"user.name={name}", "-c", f"user.email={email}"


def _unreachable(target: GitOpsTarget, said: str) -> GitUnreachableError:
    return GitUnreachableError(
        f"the branch {target.branch} of {target.shown} cannot be read",
        hint=f"see that `git ls-remote {target.shown} {target.branch}` works without asking, then run this again",
        context={"git": said.splitlines()[-1]},
    )


def _failure_of(*words: str, folder: Path | None = None) -> str | None:
    """None where git succeeds, else what it said, without a password."""
    done = subprocess.run(
        ["git", *words],
        cwd=folder,
        env={**os.environ, **QUIET},
        capture_output=True,
        text=True,
        errors="replace",
        stdin=subprocess.DEVNULL,
        check=False,
    )
    return None if done.returncode == 0 else PASSWORD.sub("", done.stderr.strip() or "it said nothing")
