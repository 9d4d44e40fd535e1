"""The knowledge base in PostgreSQL, for a team: the same tables and statements, in a schema of their own.

Needs the extra `postgres` (psycopg), imported when it is first used. Writers take one advisory lock, so that they
follow one another as they do in SQLite.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from agent.errors import KnowledgeError
from agent.knowledge.statements import migrations, statements

if TYPE_CHECKING:
    import psycopg

SCHEMA = "blissful_knowledge"
CONNECT_S = 5
LOCK_WAIT_S = 15
_LOCK = 0x626C6973
"""The advisory lock of writers."""

_PARAMETER = re.compile(r"(?<!:):([a-z_]+)")


class PostgresDatabase:
    """`agent.knowledge.database.Database` on a server; the URL, which may hold a password, is never shown."""

    def __init__(self, url: str) -> None:
        try:
            import psycopg
        except ImportError as error:
            raise KnowledgeError(
                "a knowledge base in PostgreSQL needs psycopg, which is not installed",
                hint="install the extra: `uv tool install 'blissful-infra[postgres]'`",
            ) from error
        self._psycopg = psycopg
        self._place = place_of(url)
        with self._translating():
            self._connection: psycopg.Connection[tuple[Any, ...]] = psycopg.connect(
                url, connect_timeout=CONNECT_S, autocommit=True, application_name="blissful-infra"
            )
        try:
            with self._translating():
                self._prepare()
        except BaseException:
            self._connection.close()
            raise

    @contextmanager
    def reading(self) -> Iterator["_PostgresStatements"]:
        """One consistent view."""
        with self._translating(), self._connection.transaction():
            self._connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield _PostgresStatements(self._connection)

    @contextmanager
    def writing(self, *, keep: bool = True) -> Iterator["_PostgresStatements"]:
        """All or nothing."""
        with self._translating(), self._connection.transaction(force_rollback=not keep):
            self._connection.execute(f"SELECT pg_advisory_xact_lock({_LOCK})")
            yield _PostgresStatements(self._connection)

    def shut(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _prepare(self) -> None:
        run = self._connection.execute
        run(f"SET lock_timeout = '{LOCK_WAIT_S}s'")
        run(f"SET search_path TO {SCHEMA}")
        if self._version() < migrations()[-1][0]:
            with self.writing():
                run(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
                run("CREATE TABLE IF NOT EXISTS migrations (number BIGINT PRIMARY KEY)")
                for number, parts in migrations():
                    if number > self._version():
                        for part in parts:
                            run(part.encode())
                        run("INSERT INTO migrations (number) VALUES (%s)", (number,))
        if (found := self._version()) > (newest := migrations()[-1][0]):
            raise KnowledgeError(
                f"{self._place} was written by a newer blissful-infra (version {found}, this one knows {newest})",
                hint="upgrade blissful-infra; the database is left as it is",
            )

    def _version(self) -> int:
        there = self._connection.execute("SELECT to_regclass(%s)", (f"{SCHEMA}.migrations",)).fetchone()
        if there is None or there[0] is None:
            return 0
        found = self._connection.execute("SELECT coalesce(max(number), 0) FROM migrations").fetchone()
        return int(found[0]) if found else 0

    @contextmanager
    def _translating(self) -> Iterator[None]:
        try:
            yield
        except self._psycopg.errors.LockNotAvailable as error:
            raise KnowledgeError(
                f"another process has been writing to {self._place} for more than {LOCK_WAIT_S} s",
                hint="nothing was changed; try again when it has finished",
            ) from error
        except self._psycopg.OperationalError as error:
            raise KnowledgeError(
                f"{self._place} cannot be reached ({type(error).__name__})",
                hint="check that the server runs and that the URL, its user and its password are right",
            ) from error
        except self._psycopg.Error as error:
            reason = error.diag.message_primary or type(error).__name__
            raise KnowledgeError(f"{self._place} failed: {reason}", hint="nothing was changed") from error


class _PostgresStatements:
    def __init__(self, connection: "psycopg.Connection[tuple[Any, ...]]") -> None:
        self._connection = connection

    def rows(self, name: str, /, **values: object) -> Sequence[tuple[Any, ...]]:
        return self._connection.execute(_translated()[name], values).fetchall()

    def run(self, name: str, /, **values: object) -> None:
        self._connection.execute(_translated()[name], values)

    def run_many(self, name: str, /, values: Iterable[Mapping[str, object]]) -> None:
        with self._connection.cursor() as cursor:
            cursor.executemany(_translated()[name], list(values))


def place_of(url: str) -> str:
    """The server and database of a URL, without user and password.

    >>> place_of("postgresql://me:hidden@db.example:5432/team?sslmode=require")
    'the PostgreSQL database team at db.example'
    """
    try:
        parts = urlsplit(url)
        return f"the PostgreSQL database {parts.path.strip('/') or '(default)'} at {parts.hostname or 'a local socket'}"
    except ValueError:
        return "the PostgreSQL database"


@cache
def _translated() -> dict[str, bytes]:
    """The statements with psycopg's parameters."""
    return {name: _PARAMETER.sub(r"%(\1)s", text.replace("%", "%%")).encode() for name, text in statements().items()}
