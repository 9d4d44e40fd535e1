"""Opening a knowledge base: a file, or a team's server."""

from pathlib import Path

from agent.knowledge.base import SqlKnowledgeBase
from agent.knowledge.postgres import PostgresDatabase
from agent.knowledge.similarity import SimilaritySearch
from agent.knowledge.sqlite import SqliteDatabase
from agent.ports import Embedder

FILE = "knowledge.db"


def open_sqlite(folder: Path, embedder: Embedder) -> SqlKnowledgeBase:
    """The knowledge base in `knowledge.db` of this folder, made where it is missing; the index lies beside it."""
    database = SqliteDatabase(folder / FILE)
    return SqlKnowledgeBase(database, SimilaritySearch(database, embedder, folder))


def open_postgres(url: str, embedder: Embedder, folder: Path) -> SqlKnowledgeBase:
    """The knowledge base of a server; the index over it lies in this folder."""
    database = PostgresDatabase(url)
    return SqlKnowledgeBase(database, SimilaritySearch(database, embedder, folder))
