"""The search index over vectors: exact while they are few, inverted lists when they are many.

Kept in one file beside the state, with a checksum: it can always be rebuilt from the knowledge base, so a file that is
missing, damaged or of another knowledge base is none. faiss is imported here, by the first search.
"""

import os
import tempfile
import zlib
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

EXACT_UNTIL = 20_000
"""Vectors that are searched one by one; more than these get inverted lists."""

GROWTH = 1.5
"""Lists that hold this many times what they were made for are made again."""

ENOUGH_RECALL = 0.98
"""Of the five nearest, on a sample of the vectors themselves; lists are probed until this is reached."""

_SAMPLE = 200
_TRAINING_PER_LIST = 40
_FORMAT = 1

Vectors = NDArray[np.float32]
Keys = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Origin:
    """Which vectors an index is over."""

    knowledge: str
    embedder: str
    dimensions: int


class VectorIndex:
    """Vectors by key, searched by cosine (they have length 1)."""

    def __init__(self, origin: Origin, inner: Any, keys: Keys, made_for: int) -> None:
        self.origin = origin
        self._inner = inner
        self._keys = keys
        self._made_for = made_for

    @classmethod
    def built(cls, origin: Origin, keys: Keys, vectors: Vectors) -> "VectorIndex":
        """An index over these vectors."""
        import faiss

        exact = len(keys) <= EXACT_UNTIL
        inner = faiss.IndexFlatIP(origin.dimensions) if exact else _lists(vectors, origin.dimensions)
        inner.add(vectors)
        if not exact:
            _probe_enough(inner, vectors)
        return cls(origin, inner, keys, len(keys))

    @property
    def keys(self) -> Keys:
        """The keys it knows."""
        return self._keys

    @property
    def outgrown(self) -> bool:
        """Whether it should be built anew: exact search became slow, or the lists too long."""
        return len(self._keys) > max(EXACT_UNTIL, self._made_for * GROWTH)

    def add(self, keys: Keys, vectors: Vectors) -> None:
        """Take in more vectors, whose keys are new."""
        self._inner.add(vectors)
        self._keys = np.concatenate([self._keys, keys])

    def nearest(self, vector: Vectors, count: int) -> list[tuple[int, float]]:
        """The keys with the most alike vectors and how alike they are, the most alike first."""
        if not len(self._keys):
            return []
        scores, places = self._inner.search(vector.reshape(1, -1), min(count, len(self._keys)))
        pairs = zip(places[0].tolist(), scores[0].tolist(), strict=True)
        return [(int(self._keys[place]), score) for place, score in pairs if place >= 0]

    def save(self, path: Path) -> None:
        """Keep it in a file, whole or not at all. An index that cannot be kept is built again another time."""
        import faiss

        body = faiss.serialize_index(self._inner).tobytes()
        ids = self._keys.tobytes()
        header = _Header(self.origin, self._made_for, len(ids), zlib.crc32(body, zlib.crc32(ids)))
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.writelines([orjson.dumps({"v": _FORMAT, **asdict(header)}), b"\n", ids, body])
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise

    @classmethod
    def loaded(cls, path: Path, origin: Origin) -> "VectorIndex | None":
        """The index in the file, or None where there is none that fits."""
        import faiss

        try:
            line, _, rest = path.read_bytes().partition(b"\n")
            header = orjson.loads(line)
            wanted = {"v": _FORMAT, **asdict(replace(_EMPTY, origin=origin))}
            if any(header.get(name) != wanted[name] for name in ("v", "origin")):
                return None
            cut = int(header["keys_bytes"])
            ids, body = rest[:cut], rest[cut:]
            if zlib.crc32(body, zlib.crc32(ids)) != header["checksum"]:
                return None
            inner = faiss.deserialize_index(np.frombuffer(body, dtype=np.uint8))
            keys = np.frombuffer(ids, dtype=np.int64)
            return cls(origin, inner, keys, int(header["made_for"])) if inner.ntotal == len(keys) else None
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RuntimeError):
            return None


@dataclass(frozen=True, slots=True)
class _Header:
    origin: Origin
    made_for: int
    keys_bytes: int
    checksum: int


_EMPTY = _Header(Origin("", "", 0), 0, 0, 0)


def _lists(vectors: Vectors, dimensions: int) -> Any:
    import faiss

    count = int(2 * np.sqrt(len(vectors)))
    inner = faiss.IndexIVFFlat(faiss.IndexFlatIP(dimensions), dimensions, count, faiss.METRIC_INNER_PRODUCT)
    inner.cp.niter = 8
    inner.cp.min_points_per_centroid = 1
    inner.train(_sample(vectors, count * _TRAINING_PER_LIST))
    return inner


def _probe_enough(inner: Any, vectors: Vectors) -> None:
    """Probe more lists until the nearest five of a sample are found nearly always."""
    import faiss

    asked = _sample(vectors, _SAMPLE)
    exact = faiss.IndexFlatIP(vectors.shape[1])
    exact.add(vectors)
    fifth = exact.search(asked, 5)[0][:, -1:]
    inner.nprobe = 8
    while inner.nprobe < inner.nlist:
        found = inner.search(asked, 5)[0]
        if (found >= fifth - 1e-5).mean() >= ENOUGH_RECALL:
            return
        inner.nprobe = min(inner.nlist, inner.nprobe * 2)


def _sample(vectors: Vectors, count: int) -> Vectors:
    chosen = np.random.default_rng(0).choice(len(vectors), min(count, len(vectors)), replace=False)
    return np.ascontiguousarray(vectors[np.sort(chosen)])
