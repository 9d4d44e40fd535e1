"""One git repository through git itself: no hook (but for a push), no outside program, no question."""

import os
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from blissful_infra.errors import MissingToolError
from blissful_infra.fixing.errors import FixNotApplicableError, NoRepositoryError

WITHIN_S = 60.0
_NO_HOOKS = ("-c", "core.hooksPath=/dev/null")
_QUIET = (
    "--no-optional-locks", "-c", "core.fsmonitor=false", "-c", "core.quotepath=off",
    "-c", "core.autocrlf=false", "-c", "apply.whitespace=nowarn", "-c", "apply.ignoreWhitespace=no",
)  # fmt: skip


class GitError(Exception):
    """git ended with an error; the message is its own."""


class Repository:
    """The repository around a folder. Raises `NoRepositoryError` where there is none with a commit."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        try:
            self.top = Path(self.git("rev-parse", "--show-toplevel").removesuffix("\n"))
            self.head = self.git("rev-parse", "--verify", "--quiet", "HEAD").strip()
            self.prefix = self.git("rev-parse", "--show-prefix").removesuffix("\n")
        except GitError as error:
            raise NoRepositoryError(
                f"{folder} is in no git repository with a commit",
                hint='`git init`, then `git add . && git commit -m "First commit"`',
                context={"git": str(error)} if str(error) else None,
            ) from error

    def git(
        self, *arguments: str, text: str | None = None, environ: Mapping[str, str] | None = None, hooks: bool = False
    ) -> str:
        """What git prints. Raises `GitError`. `hooks` lets those of the repository run, as a push should."""
        data = None if text is None else text.encode()
        return self.git_bytes(*arguments, data=data, environ=environ, hooks=hooks).decode("utf-8", "replace")

    def git_bytes(
        self,
        *arguments: str,
        data: bytes | None = None,
        environ: Mapping[str, str] | None = None,
        hooks: bool = False,
    ) -> bytes:
        """What git prints, as it is. Raises `GitError`; `MissingToolError` where git cannot be run."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_") or name in _KEPT}
        variables = {**kept, "GIT_TERMINAL_PROMPT": "0", "GIT_EDITOR": "true", "LC_ALL": "C.UTF-8", **(environ or {})}
        try:
            done = subprocess.run(
                ["git", "-C", str(self.folder), *_QUIET, *(() if hooks else _NO_HOOKS), *arguments],
                input=data if data is not None else b"",
                capture_output=True,
                env=variables,
                timeout=WITHIN_S,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise GitError(f"git {arguments[0]} took more than {WITHIN_S:g} s") from error
        except OSError as error:
            raise MissingToolError(f"git cannot be run: {error.strerror or error}", hint="install git") from error
        if done.returncode != 0:
            raise GitError(done.stderr.decode("utf-8", "replace").strip()[-2_000:])
        return done.stdout

    def branch_commit(self, branch: str) -> str | None:
        """The commit that a branch stands at; `None` where there is no such branch."""
        try:
            return self.git("rev-parse", "--verify", "--quiet", f"refs/heads/{branch}^{{commit}}").strip()
        except GitError:
            return None

    def contains(self, commit: str) -> bool:
        """Whether what is checked out has this commit in its history."""
        try:
            self.git("merge-base", "--is-ancestor", commit, "HEAD")
        except GitError:
            return False
        return True

    @contextmanager
    def patched(self, base: str, patch: str) -> Iterator["PatchedIndex"]:
        """The tree of a commit with a patch on it, in an index of its own. Raises `FixNotApplicableError`."""
        with tempfile.TemporaryDirectory(prefix="blissful-fix-") as folder:
            environ = {"GIT_INDEX_FILE": str(Path(folder) / "index")}
            top = Repository.__new__(Repository)
            top.folder, top.top, top.head, top.prefix = self.top, self.top, self.head, ""
            try:
                top.git("read-tree", base, environ=environ)
                top.git("apply", "--cached", "--check", "-", text=patch, environ=environ)
                top.git("apply", "--cached", "-", text=patch, environ=environ)
            except GitError as error:
                raise FixNotApplicableError(
                    f"the fix does not apply to {base[:7]}",
                    hint="the files changed since; `blissful-infra analyze` looks again",
                    context={"git": str(error).replace("\n", "; ")},
                ) from error
            yield PatchedIndex(top, base, environ)


class PatchedIndex:
    """A commit's tree with a patch on it."""

    def __init__(self, repository: Repository, base: str, environ: Mapping[str, str]) -> None:
        self._repository = repository
        self._base = base
        self._environ = environ

    def changed(self) -> tuple[str, ...]:
        """The paths that differ from the commit."""
        names = self._repository.git("diff", "--cached", "--name-only", "-z", self._base, environ=self._environ)
        return tuple(name for name in names.split("\0") if name)

    def modes(self) -> dict[str, str]:
        """Each changed path's mode (`100644`, `120000`, ...); one that is gone has none."""
        listed = self._repository.git("ls-files", "--stage", "-z", "--", *self.changed(), environ=self._environ)
        rows = (row.partition("\t") for row in listed.split("\0") if row)
        return {path: head.split(" ")[0] for head, _, path in rows}

    def text(self, path: str) -> str:
        """A file's text; empty for one that is gone. Raises `GitError` for what is no text."""
        try:
            return self._repository.git_bytes("show", f":{path}", environ=self._environ).decode("utf-8")
        except UnicodeDecodeError as error:
            raise GitError(f"{path} is no text") from error

    def commit(self, message: str) -> str:
        """A commit of this tree on the base, on no branch yet. Raises `GitError`."""
        tree = self._repository.git("write-tree", environ=self._environ).strip()
        return self._repository.git("commit-tree", tree, "-p", self._base, text=message).strip()


_KEPT = frozenset(
    {"GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM", "GIT_SSH", "GIT_SSH_COMMAND", "GIT_ASKPASS"}
    | {"GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL"}
)
"""Of git's own variables: those of a hook or of another repository would lead elsewhere."""
