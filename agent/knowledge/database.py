"""What the knowledge base needs of a database: transactions, and statements by name."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol


class Statements(Protocol):
    """Statements of queries.sql, inside one transaction."""

    def rows(self, name: str, /, **values: object) -> Sequence[tuple[Any, ...]]:
        """All rows that a statement gives."""

    def run(self, name: str, /, **values: object) -> None:
        """A statement that gives none."""

    def run_many(self, name: str, /, values: Iterable[Mapping[str, object]]) -> None:
        """The same statement for each of these."""


class Database(Protocol):
    """A database with the migrations applied. Errors of its library leave it as `KnowledgeError`."""

    def reading(self) -> AbstractContextManager[Statements]:
        """One consistent view."""

    def writing(self, *, keep: bool = True) -> AbstractContextManager[Statements]:
        """All or nothing; only one process writes at a time, the others wait. Without `keep`, nothing in the end."""

    def shut(self) -> None:
        """Give back what it holds."""
