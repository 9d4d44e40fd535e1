"""The commits of a project's repository, and what is changed but not committed."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from agent.collectors.git_command import GitError, git
from agent.domain import Bound, Collected, Event, Window
from agent.normalize.git_history import LOG_FORMAT, change_event, changes_in, commits_in

_CONFIGURATION = (".yaml", ".yml", ".toml", ".properties", ".env", ".ini", "Dockerfile", "pom.xml")
_LONGEST_DIFF = 4_000


class GitCommits:
    """Asks git about one folder; what lies above it in the repository is left out."""

    name = "git"

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def collect(self, window: Window, bound: Bound) -> Collected:
        """`commit.made` events in the window, and one `file.uncommitted` event for each path changed since."""
        try:
            self._git("rev-parse", "--is-inside-work-tree", most=100)
        except OSError as error:
            return Collected.unavailable(self.name, f"git cannot be run: {error.strerror or error}")
        except GitError as error:
            return Collected.unavailable(self.name, str(error))
        try:
            found = [*self._commits(window, bound), *self._changes(window, bound)]
        except (GitError, OSError) as error:
            return Collected.unavailable(self.name, str(error))
        found.sort(key=lambda event: event.at)
        records = tuple(found[-bound.records :])
        commits = sum(event.kind == "commit.made" for event in records)
        detail = f"{commits} commits, {len(records) - commits} uncommitted changes"
        return Collected.of(self.name, records, detail=detail, truncated=len(found) > bound.records)

    def _commits(self, window: Window, bound: Bound) -> Iterator[Event]:
        try:
            self._git("rev-parse", "--verify", "--quiet", "HEAD", most=100)
        except GitError:
            return iter(())  # nothing is committed yet
        since, until = (f"--{name}={at.isoformat()}" for name, at in (("since", window.since), ("until", window.until)))
        count = f"--max-count={bound.records + 1}"
        output = self._git("log", LOG_FORMAT, "--name-only", count, since, until, "--", ".", most=bound.octets)
        return (event for event in commits_in(output, source=self.name) if event.at in window)

    def _changes(self, window: Window, bound: Bound) -> Iterator[Event]:
        top = Path(self._git("rev-parse", "--show-toplevel", most=10_000).rstrip("\n"))
        output = self._git("status", "--porcelain=v1", "-z", "--", ".", most=bound.octets)
        for path, what in changes_in(output):
            file = top / path
            try:
                seen = file.lstat()
                at, stamp = datetime.fromtimestamp(seen.st_mtime, UTC), f"{seen.st_size}:{seen.st_mtime_ns}"
            except OSError:
                at, stamp = window.until, "gone"
            if at in window:
                diff = self._diff(path, top) if path.endswith(_CONFIGURATION) and what == "modified" else ""
                yield change_event(path, what, at=at, source=self.name, stamp=stamp, diff=diff)

    def _diff(self, path: str, top: Path) -> str:
        output = self._git("diff", "HEAD", "--unified=0", "--no-color", "--no-ext-diff", "--", str(top / path))
        return "\n".join(line for line in output.splitlines() if line[:1] in "+-" and line[:3] not in ("+++", "---"))

    def _git(self, *arguments: str, most: int = _LONGEST_DIFF) -> str:
        return git(self._folder, *arguments, most=most)
