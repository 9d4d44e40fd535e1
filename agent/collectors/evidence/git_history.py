"""The commits of a project's repository with what each changed, and what is changed but not committed."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson

from agent.collectors.evidence.bounding import clipped, newest
from agent.collectors.git_command import GitError, git
from agent.domain import Bound, Event, Window
from agent.domain.gathered import Gathered
from agent.domain.investigation import Document
from agent.normalize.git_history import LOG_FORMAT, changes_in, commits_in

COMMITS, UNCOMMITTED = "git/commits.jsonl", "git/uncommitted.diff"
_LONGEST_DIFF = 64 * 1024
_LONGEST_LOG = 8 * 1024 * 1024
_MOST_DIFFS = 100
_DIFF = ("--no-color", "--no-ext-diff", "--no-textconv", "--unified=3")


class GitHistory:
    """`git/commits.jsonl`, `git/diffs/<sha>.diff` and `git/uncommitted.diff` of one folder of a repository.

    Commits count from `before` the window on: a change comes before what it breaks. A commit without parents (the
    first, or where a shallow clone begins) is there without files and diff: it broke nothing that worked before.
    """

    name = "git"

    def __init__(self, folder: Path, *, before: timedelta = timedelta()) -> None:
        self._folder = folder
        self._before = before

    def gather(self, window: Window, bound: Bound) -> Gathered:
        """The commits, the newest where the bound cuts; diffs as far as the bound in bytes reaches, newest first."""
        window = Window(window.since - self._before, window.until)
        try:
            git(self._folder, "rev-parse", "--is-inside-work-tree", most=100)
            commits = self._commits(window, bound)
            first = self._beginnings(window) if commits else frozenset()
            lines, cut = newest([_line(event, first) for event in reversed(commits)], bound)
            kept = commits[: len(lines)]
            documents = [Document(COMMITS, "\n".join(lines) + "\n")] if lines else []
            left = bound.octets - sum(len(line.encode()) + 1 for line in lines)
            changed, diff = self._uncommitted(window, min(left, _LONGEST_DIFF))
            if diff:
                documents.append(Document(UNCOMMITTED, diff))
                left -= len(diff.encode())
            short = False
            for event in [each for each in kept if each.attrs["sha"] not in first][:_MOST_DIFFS]:
                diff = self._diff(event.attrs["sha"])
                text = clipped(diff, left)
                left -= len(text.encode())
                short = short or text != diff
                if text:
                    documents.append(Document(f"git/diffs/{event.attrs['sha']}.diff", text))
        except OSError as error:
            return Gathered.unavailable(self.name, f"git cannot be run: {error.strerror or error}")
        except GitError as error:
            return Gathered.unavailable(self.name, str(error))
        detail = f"{len(kept)} commits in range" + (f", {changed} uncommitted changes" if changed else "")
        return Gathered.of(self.name, tuple(documents), detail=detail, truncated=cut or short)

    def _commits(self, window: Window, bound: Bound) -> list[Event]:
        """Newest first."""
        if not self._has_commits():
            return []
        since, until = (f"--{name}={at.isoformat()}" for name, at in (("since", window.since), ("until", window.until)))
        count = f"--max-count={bound.records + 1}"
        output = git(self._folder, "log", LOG_FORMAT, "--name-only", count, since, until, "--", ".", most=_LONGEST_LOG)
        return [event for event in commits_in(output, source=self.name) if event.at in window]

    def _beginnings(self, window: Window) -> frozenset[str]:
        """The commits that have no parents here."""
        since, until = (f"--{name}={at.isoformat()}" for name, at in (("since", window.since), ("until", window.until)))
        return frozenset(git(self._folder, "rev-list", "--max-parents=0", since, until, "HEAD", most=100_000).split())

    def _diff(self, sha: str) -> str:
        command = ("show", "--format=", "--diff-merges=first-parent", *_DIFF, sha, "--", ".")
        return clipped(git(self._folder, *command, most=_LONGEST_DIFF + 1), _LONGEST_DIFF)

    def _uncommitted(self, window: Window, most: int) -> tuple[int, str]:
        """How many files are changed since the window began, and the diff of those that git knows."""
        if most <= 0:
            return 0, ""
        top = Path(git(self._folder, "rev-parse", "--show-toplevel", most=10_000).rstrip("\n"))
        status = git(self._folder, "status", "--porcelain=v1", "-z", "--", ".", most=1_000_000)
        recent = [(path, what) for path, what in changes_in(status) if _changed_in(top / path, window)]
        new = "".join(f"# new, not known to git: {path}\n" for path, what in recent if what == "new")
        known = [f":(top,literal){path}" for path, what in recent if what != "new"]
        if not known:
            return len(recent), clipped(new, most)
        head = ("HEAD",) if self._has_commits() else ("--cached",)
        diff = git(self._folder, "diff", *head, *_DIFF, "--", *known[:1_000], most=_LONGEST_DIFF + 1)
        return len(recent), clipped(new + diff, most)

    def _has_commits(self) -> bool:
        try:
            git(self._folder, "rev-parse", "--verify", "--quiet", "HEAD", most=100)
        except GitError:
            return False
        return True


def _changed_in(path: Path, window: Window) -> bool:
    """Whether the file was written in the window; of a deleted one nobody knows."""
    try:
        return datetime.fromtimestamp(path.lstat().st_mtime, UTC) in window
    except OSError:
        return True


def _line(event: Event, first: frozenset[str]) -> str:
    shape = {
        "sha": event.attrs["sha"],
        "time": event.at.astimezone(UTC).isoformat(),
        "author": event.attrs.get("author", ""),
        "message": event.message,
        "files": [] if event.attrs["sha"] in first else list(event.attrs.get("files", ())),
    }
    return orjson.dumps(shape).decode()
