"""The journal of fixes: each attempt is written down before it is made, so that a killed one is told and mended."""

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from blissful_infra.errors import RunFailedError, StateFolderError

LONGEST_JOURNAL = 2_000_000
"""Bytes that are read; an older beginning is passed over."""


class FixBusyError(RunFailedError):
    """Another command is applying a fix to this project."""

    code = "fix-busy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One fix that was to be applied to one incident.

    `state` is `open` (begun, and not known to have ended), `applied` or `failed`. `branch`, `base` and `commit` are of
    a diff, `run_id` of a playbook, `ended` when it was applied. `result` is that of its outcome, once verified.
    """

    id: str
    incident_id: str
    pattern: str
    fix_id: str
    title: str
    at: datetime
    branch: str = ""
    base: str = ""
    commit: str = ""
    run_id: str = ""
    state: str = "open"
    ended: datetime | None = None
    result: str = ""
    url: str = ""


class Attempts:
    """The file `fixes.jsonl` of one state folder: append-only, one object a line."""

    def __init__(self, state_dir: Path) -> None:
        self._folder = state_dir
        self._path = state_dir / "fixes.jsonl"

    def all(self) -> tuple[Attempt, ...]:
        """Every attempt as the lines tell it, the oldest first; a torn line is passed over."""
        found: dict[str, Attempt] = {}
        for entry in self._entries():
            id_ = str(entry.get("attempt", ""))
            if entry.get("act") == "begin":
                try:
                    found[id_] = _begun(id_, entry)
                except (KeyError, ValueError, TypeError):
                    continue
            elif id_ in found:
                found[id_] = _noted(found[id_], entry)
        return tuple(found.values())

    def of(self, incident_id: str) -> tuple[Attempt, ...]:
        """The attempts of one incident, the oldest first."""
        return tuple(attempt for attempt in self.all() if attempt.incident_id == incident_id)

    def begin(self, attempt: Attempt) -> None:
        """Write down what comes next; on disk before this returns."""
        facts = {
            name: getattr(attempt, name)
            for name in ("incident_id", "pattern", "fix_id", "title", "branch", "base", "run_id")
        }
        self._append({"act": "begin", "attempt": attempt.id, "at": attempt.at.timestamp(), **facts})

    def note(self, attempt: Attempt, **facts: str) -> Attempt:
        """Write down what became of it."""
        entry = {"act": "note", "attempt": attempt.id, "at": datetime.now(UTC).timestamp(), **facts}
        self._append(entry)
        return _noted(attempt, entry)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """One command at a time applies fixes. Raises `FixBusyError`."""
        with self._writing():
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            file = (self._folder / "fixes.lock").open("a")
        with file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise FixBusyError(
                    "another command is applying a fix to this project", hint="let it end, then run the command again"
                ) from None
            yield

    def _entries(self) -> Iterator[Mapping[str, Any]]:
        try:
            with self._path.open("rb") as file:
                size = file.seek(0, os.SEEK_END)
                file.seek(max(0, size - LONGEST_JOURNAL))
                lines = file.read().split(b"\n")
        except OSError:
            return
        for line in lines:
            try:
                entry = json.loads(line)
            except (ValueError, RecursionError):
                continue
            if isinstance(entry, dict):
                yield entry

    def _append(self, entry: Mapping[str, Any]) -> None:
        with self._writing():
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with self._path.open("ab") as file:
                torn = file.tell() > 0 and not _ends_whole(self._path)
                file.write((b"\n" if torn else b"") + json.dumps({"v": 1, **entry}).encode() + b"\n")
                file.flush()
                os.fsync(file.fileno())

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except FixBusyError:
            raise
        except OSError as error:
            raise StateFolderError(
                f"cannot write {self._path}: {error.strerror or error}",
                hint="free space, make it writable, or set BLISSFUL_HOME to another folder",
            ) from error


def _ends_whole(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read(1) == b"\n"


def _noted(attempt: Attempt, entry: Mapping[str, Any]) -> Attempt:
    told: dict[str, Any] = {
        key: str(entry[key]) for key in ("state", "commit", "result", "url", "run_id") if key in entry
    }
    if told.get("state") == "applied" and isinstance(entry.get("at"), int | float):
        told["ended"] = datetime.fromtimestamp(entry["at"], UTC)
    return replace(attempt, **told)


def _begun(id_: str, entry: Mapping[str, Any]) -> Attempt:
    return Attempt(
        id=id_,
        incident_id=str(entry["incident_id"]),
        pattern=str(entry["pattern"]),
        fix_id=str(entry["fix_id"]),
        title=str(entry["title"]),
        at=datetime.fromtimestamp(float(entry["at"]), UTC),
        branch=str(entry.get("branch", "")),
        base=str(entry.get("base", "")),
        run_id=str(entry.get("run_id", "")),
    )
