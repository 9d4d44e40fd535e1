"""The knowledge base in one SQLite file: several processes may read and one writes, the others wait for their turn.

A commit is on the disk before the call returns (`synchronous=FULL`), and a process that is killed in the middle leaves
a file that the next one opens as it was before. A file that is damaged or of a newer version is never written to.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from agent.errors import KnowledgeError
from agent.knowledge.statements import migrations, statements

WAIT_S = 15.0
"""How long a writer waits for another one."""


class SqliteDatabase:
    """`agent.knowledge.database.Database` on a file, which is made where it is missing."""

    def __init__(self, path: Path, *, wait_s: float = WAIT_S) -> None:
        self.path = path
        self._wait_s = wait_s
        with self._translating():
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            path.touch(mode=0o600)
            self._connection = sqlite3.connect(path, timeout=wait_s, isolation_level=None, check_same_thread=False)
        try:
            with self._translating():
                self._prepare()
        except BaseException:
            self._connection.close()
            raise

    @contextmanager
    def reading(self) -> Iterator["_SqliteStatements"]:
        """One consistent view."""
        with self._transaction("DEFERRED") as inside:
            yield inside

    @contextmanager
    def writing(self, *, keep: bool = True) -> Iterator["_SqliteStatements"]:
        """All or nothing."""
        with self._transaction("IMMEDIATE", keep=keep) as inside:
            yield inside

    def shut(self) -> None:
        """Close the file."""
        self._connection.close()

    def _prepare(self) -> None:
        run = self._connection.execute
        run("PRAGMA foreign_keys = ON")
        run("PRAGMA synchronous = FULL")
        if self._version() == 0:
            run("PRAGMA journal_mode = WAL")
        newest = migrations()[-1][0]
        if self._version() < newest:
            with self.writing():
                for number, parts in migrations():
                    if number > self._version():
                        for part in parts:
                            run(part)
                        run(f"PRAGMA user_version = {number}")
        if (found := self._version()) > newest:
            raise KnowledgeError(
                f"{self.path} was written by a newer blissful-infra (version {found}, this one knows {newest})",
                hint="upgrade blissful-infra; the file is left as it is",
            )

    def _version(self) -> int:
        return int(self._connection.execute("PRAGMA user_version").fetchone()[0])

    @contextmanager
    def _transaction(self, kind: str, *, keep: bool = True) -> Iterator["_SqliteStatements"]:
        with self._translating():
            self._connection.execute(f"BEGIN {kind}")
            try:
                yield _SqliteStatements(self._connection)
                self._connection.execute("COMMIT" if keep else "ROLLBACK")
            finally:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")

    @contextmanager
    def _translating(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise _translated(error, self.path, self._wait_s) from error
        except OSError as error:
            raise KnowledgeError(
                f"the knowledge base {self.path} cannot be opened: {error.strerror or error}",
                hint="check the folder and its permissions",
            ) from error


class _SqliteStatements:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def rows(self, name: str, /, **values: object) -> Sequence[tuple[Any, ...]]:
        return self._connection.execute(statements()[name], values).fetchall()

    def run(self, name: str, /, **values: object) -> None:
        self._connection.execute(statements()[name], values)

    def run_many(self, name: str, /, values: Iterable[Mapping[str, object]]) -> None:
        self._connection.executemany(statements()[name], values)


def _translated(error: sqlite3.Error, path: Path, wait_s: float) -> KnowledgeError:
    text = str(error)
    if "locked" in text or "busy" in text:
        return KnowledgeError(
            f"another process has been writing to {path} for more than {wait_s:g} s",
            hint="nothing was changed; try again when it has finished",
        )
    if "malformed" in text or "not a database" in text or "disk I/O" in text:
        return KnowledgeError(
            f"the knowledge base {path} is damaged: {text}",
            hint=f"it is left as it is; move it away (`mv {path.name} {path.name}.damaged`), then "
            "`blissful-infra knowledge import FILE` brings back an export",
        )
    if "readonly" in text or "unable to open" in text:
        return KnowledgeError(
            f"the knowledge base {path} cannot be opened or written: {text}", hint="check the permissions of its folder"
        )
    if "full" in text:
        return KnowledgeError(f"no room to write {path}: {text}", hint="nothing was changed; free some space")
    return KnowledgeError(f"the knowledge base {path} failed: {text}", hint="nothing was changed")
