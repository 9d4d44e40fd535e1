"""Similar incidents among 100,000: how long one search takes after the index is loaded, and what it misses.

The incidents are made up: failures of a thousand kinds, each in its own words, told with other details each time.
The search is the knowledge base's own, from the text to the incidents; exact search over the same vectors says what is
right.
"""

import random
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from agent.domain.incident import Incident
from agent.knowledge.base import SqlKnowledgeBase
from agent.knowledge.embedders.lexical import LexicalEmbedder, vector_of
from agent.knowledge.opening import open_sqlite
from benchmarks.rows import Row

INCIDENTS = 100_000
KINDS = 1_000
QUERIES = 400
BUILD_QUERY = "postgres refuses connections"
START = datetime(2026, 1, 1, tzinfo=UTC)


def measure() -> list[Row]:
    chance = random.Random(1)
    kinds, words = _kinds(chance)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        remembering = _Remembering()
        began = time.perf_counter()
        with open_sqlite(folder, remembering) as base:
            base.take_in(_incidents(chance, kinds, words))
            imported = time.perf_counter() - began
            built = _seconds(base, BUILD_QUERY)
        with open_sqlite(folder, LexicalEmbedder()) as base:
            loaded = _seconds(base, BUILD_QUERY)
            queries = [_told(chance, chance.choice(kinds), words) for _ in range(QUERIES)]
            took = [_seconds(base, query) for query in queries]
            recall = _recall(base, queries, np.concatenate(remembering.made))
        size = sum(path.stat().st_size for path in folder.iterdir()) / 1e6
    p95 = statistics.quantiles(took, n=20)[-1]
    note = (
        f"median {statistics.median(took) * 1e3:.1f} ms; load {loaded:.2f} s, import {imported:.0f} s, first search "
        f"(vectors and index made) {built:.0f} s; {size:.0f} MB on disk"
    )
    return [
        Row("similar incidents among 100,000: p95 of a search", p95, reach_seconds=0.05, note=note),
        Row(
            "similar incidents among 100,000: share of the five nearest missed",
            ratio=1 - recall,
            reach=0.05,
            note=f"recall@5 {recall:.4f} against exact search over the same vectors, {QUERIES} queries",
        ),
    ]


def _kinds(chance: random.Random) -> tuple[list[list[str]], list[str]]:
    letters = "abcdefghijklmnoprstuvw"
    words = ["".join(chance.choices(letters, k=chance.randint(3, 10))) for _ in range(5_000)]
    return [chance.choices(words, k=30) for _ in range(KINDS)], words


def _told(chance: random.Random, kind: list[str], words: list[str]) -> str:
    """The same failure with other details."""
    told = list(kind)
    for _ in range(8):
        told[chance.randrange(len(told))] = chance.choice(words)
    return " ".join(told)


def _incidents(chance: random.Random, kinds: list[list[str]], words: list[str]) -> Iterator[Incident]:
    for number in range(INCIDENTS):
        signature = _told(chance, chance.choice(kinds), words)
        at = START + timedelta(seconds=number)
        yield Incident(
            id=f"{number:012x}", fingerprint=f"{number:032x}", pattern="kind/rule", category="kind", subject="app",
            title="a failure", cause="it failed", signature=signature, confidence=0.9, opened_at=at, last_seen_at=at,
        )  # fmt: skip


def _seconds(base: SqlKnowledgeBase, query: str) -> float:
    began = time.perf_counter()
    base.similar(query, limit=5)
    return time.perf_counter() - began


class _Remembering(LexicalEmbedder):
    """Keeps the vectors that it made: exact search over them says what is right, and making them again takes long."""

    def __init__(self) -> None:
        self.made: list[NDArray[np.float32]] = []

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        vectors = super().embed(texts)
        self.made.append(np.asarray(vectors, dtype=np.float32))
        return vectors


def _recall(base: SqlKnowledgeBase, queries: list[str], vectors: NDArray[np.float32]) -> float:
    """The share of found ones that are as near as the fifth nearest; equally near ones are equally right."""
    right = 0
    for query in queries:
        fifth = np.partition(vectors @ vector_of(query), -5)[-5]
        right += sum(found.similarity >= fifth - 1e-4 for found in base.similar(query, limit=5))
    return right / (5 * len(queries))
