"""Finding alike incidents: vectors are made where they are missing, and the index follows.

Vectors of several embedders lie side by side and are never compared: the search sees those of the present one only.
When the embedder changes, the others' vectors stay, and the present one's are made at the next search.
"""

from contextlib import suppress
from pathlib import Path
from uuid import uuid4

import numpy as np

from agent.domain.incident import SimilarIncident
from agent.errors import SourceUnavailableError
from agent.knowledge.database import Database, Statements
from agent.knowledge.rows import incident_of_row, key_of
from agent.knowledge.vector_index import Keys, Origin, VectorIndex, Vectors
from agent.ports import Embedder

BATCH = 256
"""Signatures embedded, and then kept, at once."""

PAGE = 20_000
"""Vectors read at once."""

SAVE_SHARE = 0.02
"""An index is kept anew when this share of it is not in its file yet; what is missing is added at each start."""


class SimilaritySearch:
    """Search over the incidents of a database with one embedder; `folder` keeps the index."""

    def __init__(self, database: Database, embedder: Embedder, folder: Path) -> None:
        self._database = database
        self._embedder = embedder
        self._folder = folder
        self._index: VectorIndex | None = None
        self._indexed_revision = -1

    def similar(self, signature: str, *, limit: int, except_id: str | None) -> tuple[SimilarIncident, ...]:
        """The most alike incidents, merged ones left out."""
        vector = self._asked(signature)
        index = self._present_index(dimensions=vector.shape[0])
        wanted = limit
        while True:
            near = index.nearest(vector, wanted)
            with self._database.reading() as inside:
                found = _incidents(inside, near, limit, except_id or "")
            if len(found) >= limit or len(near) < wanted:
                return tuple(found)
            wanted *= 4

    def _asked(self, signature: str) -> Vectors:
        with self._database.reading() as inside:
            rows = inside.rows("vector_by_key", embedder=self._embedder.name, key=key_of(signature))
        return np.frombuffer(rows[0][0], dtype=np.float32) if rows else self._embedded([signature])[0]

    def _embedded(self, texts: list[str]) -> Vectors:
        vectors = np.asarray(self._embedder.embed(texts), dtype=np.float32)
        if vectors.ndim != 2 or len(vectors) != len(texts) or not np.isfinite(vectors).all():
            raise SourceUnavailableError(f"the embedder {self._embedder.name} gave vectors of the wrong shape")
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.ascontiguousarray(vectors / np.where(lengths == 0, 1, lengths))

    def _present_index(self, dimensions: int) -> VectorIndex:
        revision = self._make_missing_vectors(dimensions)
        if self._index is None:
            origin = Origin(self._knowledge_id(), self._embedder.name, dimensions)
            self._index = VectorIndex.loaded(self._file(), origin) or self._build(origin)
            self._indexed_revision = -1
        if self._indexed_revision != revision:
            self._index = self._following(self._index)
            self._indexed_revision = revision
        return self._index

    def _make_missing_vectors(self, dimensions: int) -> int:
        """Embed what has no vector of the present embedder; gives the revision that is then complete."""
        done = f"vectors of {self._embedder.name}, {dimensions}"
        with self._database.reading() as inside:
            revision = _revision(inside, "signatures")
            if _revision(inside, done) == revision:
                return revision
        with self._database.writing() as inside:
            inside.run("forget_vectors_of_other_size", embedder=self._embedder.name, dimensions=dimensions)
        while True:
            with self._database.reading() as inside:
                rows = inside.rows("signatures_without_vector", embedder=self._embedder.name, limit=BATCH)
            if not rows:
                break
            vectors = self._embedded([text for _, text in rows])
            with self._database.writing() as inside:
                inside.run_many(
                    "insert_vector",
                    [
                        {
                            "embedder": self._embedder.name,
                            "key": key,
                            "dimensions": dimensions,
                            "vector": vector.tobytes(),
                        }
                        for (key, _), vector in zip(rows, vectors, strict=True)
                    ],
                )
        with self._database.writing() as inside:
            inside.run("set_revision", name=done, value=revision)
        return revision

    def _following(self, index: VectorIndex) -> VectorIndex:
        """The index with what was added to the knowledge base since; built anew where something is gone."""
        with self._database.reading() as inside:
            there = np.array(
                [key for (key,) in inside.rows("vector_keys", embedder=self._embedder.name)], dtype=np.int64
            )
        if not np.isin(index.keys, there).all():
            return self._build(index.origin)
        new = np.setdiff1d(there, index.keys)
        if len(new):
            index.add(*self._vectors_of(new, index.origin.dimensions))
        if index.outgrown:
            return self._build(index.origin)
        if len(new) > SAVE_SHARE * len(there):
            self._keep(index)
        return index

    def _build(self, origin: Origin) -> VectorIndex:
        keys: list[int] = []
        pages: list[Vectors] = []
        with self._database.reading() as inside:
            after = -1
            while rows := inside.rows("vectors_after", embedder=origin.embedder, after=after, limit=PAGE):
                keys += [key for key, _ in rows]
                pages.append(np.frombuffer(b"".join(bytes(vector) for _, vector in rows), dtype=np.float32))
                after = rows[-1][0]
        vectors = np.concatenate(pages) if pages else np.empty(0, dtype=np.float32)
        index = VectorIndex.built(origin, np.array(keys, dtype=np.int64), vectors.reshape(-1, origin.dimensions))
        self._keep(index)
        return index

    def _vectors_of(self, keys: Keys, dimensions: int) -> tuple[Keys, Vectors]:
        with self._database.reading() as inside:
            parts = [
                bytes(inside.rows("vector_by_key", embedder=self._embedder.name, key=key)[0][0])
                for key in keys.tolist()
            ]
        return keys, np.frombuffer(b"".join(parts), dtype=np.float32).reshape(-1, dimensions)

    def _keep(self, index: VectorIndex) -> None:
        """A folder that cannot be written costs time, not answers."""
        with suppress(OSError):
            index.save(self._file())

    def _file(self) -> Path:
        name = "".join(letter if letter.isalnum() else "-" for letter in self._embedder.name)
        return self._folder / f"knowledge-{name}.index"

    def _knowledge_id(self) -> str:
        """Which knowledge base this is: made once, so that an index is never taken for another's."""
        with self._database.reading() as inside:
            rows = inside.rows("about", name="id")
        if not rows:
            with self._database.writing() as inside:
                inside.run("insert_about", name="id", value=uuid4().hex)
                rows = inside.rows("about", name="id")
        return str(rows[0][0])


def _incidents(inside: Statements, near: list[tuple[int, float]], limit: int, except_id: str) -> list[SimilarIncident]:
    found: list[SimilarIncident] = []
    for key, score in near:
        left = limit - len(found)
        if left <= 0:
            break
        rows = inside.rows("incidents_by_signature", key=key, except_id=except_id, limit=left)
        found += [SimilarIncident(incident_of_row(row), min(1.0, max(0.0, score))) for row in rows]
    return found


def _revision(inside: Statements, name: str) -> int:
    rows = inside.rows("revision", name=name)
    return int(rows[0][0]) if rows else -1
