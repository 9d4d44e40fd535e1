"""The built-in embedder: hashed words, pairs of words and stretches of characters; no model, always the same vector.

Texts are alike as far as they use the same words, or words with the same stem. Weights come from the text alone (no
counts over other texts), so a vector never has to be made again when incidents are added.
"""

import re
import zlib
from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

DIMENSIONS = 384
LONGEST = 4_000
"""Characters of a text that count."""

WORD, PAIR, STRETCH = 2.0, 1.5, 0.5
"""How much each kind of feature weighs."""

_STRETCHES = (3, 4, 5)
_WORD = re.compile(r"[^\W_]+")
_EMPTY_WORDS = frozenset(
    re.findall(
        r"\w+",
        "a an and are as at be been by for from has have in is it its of on or so than that the then this to was were"
        " which while with",
    )
)
_STEP = 0x100000001B3
_MIX = np.uint64(0x9E3779B97F4A7C15)


class LexicalEmbedder:
    """`agent.ports.Embedder` without a model."""

    name = "lexical-v1"
    dimensions = DIMENSIONS

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """One vector a text; a text without words gives one that is alike to nothing but its like."""
        return [vector.tolist() for vector in map(vector_of, texts)]


def vector_of(text: str) -> NDArray[np.float32]:
    """The vector of one text, of length 1."""
    words = [word for word in _WORD.findall(text[:LONGEST].lower()) if word not in _EMPTY_WORDS]
    pairs = [f"{one} {other}" for one, other in pairwise(words)]
    parts = [(_hashed(words), WORD), (_hashed(pairs), PAIR)]
    letters = np.frombuffer(f" {' '.join(words)} ".encode(), dtype=np.uint8).astype(np.uint64)
    parts += [(_stretches(letters, size), STRETCH) for size in _STRETCHES]
    sums = np.zeros(DIMENSIONS)
    for hashes, weight in parts:
        mixed = hashes * _MIX
        mixed ^= mixed >> np.uint64(29)
        places = (mixed % np.uint64(DIMENSIONS)).astype(np.intp)
        signs = np.where((mixed >> np.uint64(40)) & np.uint64(1), weight, -weight)
        sums += np.bincount(places, signs, DIMENSIONS)
    damped = np.sign(sums) * np.sqrt(np.abs(sums))  # a word said ten times does not count ten times
    if not damped.any():
        damped[0] = 1.0
    vector: NDArray[np.float32] = (damped / np.linalg.norm(damped)).astype(np.float32)
    return vector


def _hashed(words: Iterable[str]) -> NDArray[np.uint64]:
    return np.array([zlib.crc32(word.encode()) for word in words], dtype=np.uint64)


def _stretches(letters: NDArray[np.uint64], size: int) -> NDArray[np.uint64]:
    """The hash of every stretch of so many bytes."""
    count = max(0, len(letters) - size + 1)
    hashes = np.full(count, size, dtype=np.uint64)
    for start in range(size):
        hashes = hashes * np.uint64(_STEP) + letters[start : start + count]
    return hashes
