"""What `git log` and `git status` print, as events."""

from collections.abc import Iterator
from datetime import UTC, datetime

from agent.domain import Event, Severity
from agent.normalize.timestamps import moment_of

COMMIT, FIELD = "\x1e", "\x1f"
LOG_FORMAT = f"--format={COMMIT}%H{FIELD}%cI{FIELD}%an{FIELD}%s{FIELD}"
"""The `git log` format that `commits_in` reads, together with `--name-only`."""

_MOST_FILES = 200
_STATES = {"M": "modified", "A": "added", "D": "deleted", "R": "renamed", "C": "copied", "U": "in conflict", "?": "new"}


def commits_in(output: str, *, source: str) -> Iterator[Event]:
    """`commit.made` events, as git orders them. Attrs: `sha`, `author`, `files` (paths). A torn end is left."""
    for block in output.split(COMMIT)[1:]:
        fields = block.split(FIELD)
        if len(fields) != 5 or (at := moment_of(fields[1], UTC)) is None:
            continue
        sha, _, author, title, files = fields
        paths = tuple(line for line in files.splitlines() if line.strip())
        yield Event.recorded(
            at=at,
            source=source,
            kind="commit.made",
            subject=sha[:12],
            severity=Severity.INFO,
            message=title,
            place=f"commit {sha[:12]}",
            identity=sha,
            attrs={"sha": sha, "author": author, "files": paths[:_MOST_FILES]},
        )


def changes_in(output: str) -> Iterator[tuple[str, str]]:
    """`(path, what)` of each entry of `git status --porcelain=v1 -z`; the old path of a rename is passed over."""
    parts = iter(output.split("\0"))
    for part in parts:
        if len(part) < 4:
            continue
        code = part[:2].strip() or "M"
        if code[0] in "RC":
            next(parts, None)
        yield part[3:], _STATES.get(code[0], "changed")


def change_event(path: str, what: str, *, at: datetime, source: str, stamp: str, diff: str = "") -> Event:
    """The `file.uncommitted` event of one path. Attrs: `change`, and `diff` where it was asked for."""
    attrs = {"change": what, "diff": diff}
    return Event.recorded(
        at=at,
        source=source,
        kind="file.uncommitted",
        subject=path,
        severity=Severity.INFO,
        message=f"{path} is {what}, not committed",
        place=path,
        identity=f"{path}:{stamp}",
        attrs={name: value for name, value in attrs.items() if value},
    )
