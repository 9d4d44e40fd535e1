"""Search over vectors: embedders side by side, an index that follows, and one that is damaged."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from agent.errors import SourceUnavailableError
from agent.knowledge import vector_index
from agent.knowledge.embedders.lexical import LexicalEmbedder
from agent.knowledge.opening import open_sqlite
from agent.knowledge.vector_index import Origin, VectorIndex
from tests.unit.agent.knowledge.incidents import IMAGE, MEMORY, POOL, an_incident

ORIGIN = Origin("knowledge", "embedder", 8)


class Letters:
    """An embedder of another size that counts letters, and how many texts it was asked for."""

    name = "letters-v1"
    dimensions = 26

    def __init__(self) -> None:
        self.asked = 0

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        self.asked += len(texts)
        return [[float(text.count(chr(97 + number))) for number in range(26)] for text in texts]


class Away(Letters):
    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        raise SourceUnavailableError("the embedder is away")


def filled(folder: Path) -> None:
    with open_sqlite(folder, LexicalEmbedder()) as base:
        for subject, signature in (("a", POOL), ("b", MEMORY), ("c", IMAGE)):
            base.record(an_incident(subject, signature))


def subjects(folder: Path, embedder: LexicalEmbedder | Letters, signature: str) -> list[str]:
    with open_sqlite(folder, embedder) as base:
        return [one.incident.subject for one in base.similar(signature)]


def test_another_embedder_makes_its_own_vectors_and_the_first_ones_stay(tmp_path: Path) -> None:
    filled(tmp_path)
    assert subjects(tmp_path, LexicalEmbedder(), POOL)[0] == "a"
    letters = Letters()
    assert subjects(tmp_path, letters, IMAGE)[0] == "c"
    assert letters.asked == 4
    assert subjects(tmp_path, letters, IMAGE)[0] == "c"
    assert letters.asked == 4
    assert subjects(tmp_path, LexicalEmbedder(), MEMORY)[0] == "b"
    assert sorted(path.name for path in tmp_path.glob("*.index")) == [
        "knowledge-letters-v1.index",
        "knowledge-lexical-v1.index",
    ]


def test_an_embedder_that_is_away_changes_nothing(tmp_path: Path) -> None:
    filled(tmp_path)
    with open_sqlite(tmp_path, Away()) as base, pytest.raises(SourceUnavailableError):
        base.similar(POOL)
    assert len(subjects(tmp_path, Letters(), POOL)) == 3


def test_what_another_process_recorded_is_found_by_an_open_one(tmp_path: Path) -> None:
    filled(tmp_path)
    with open_sqlite(tmp_path, LexicalEmbedder()) as base:
        assert len(base.similar(POOL)) == 3
        with open_sqlite(tmp_path, LexicalEmbedder()) as other:
            other.record(an_incident("d", "dns name cannot be resolved"))
        assert [one.incident.subject for one in base.similar("dns name cannot be resolved", limit=1)] == ["d"]


@pytest.mark.parametrize("damage", ["torn", "flipped", "empty", "foreign", "gone"])
def test_a_damaged_index_is_built_again(tmp_path: Path, damage: str) -> None:
    filled(tmp_path)
    assert subjects(tmp_path, LexicalEmbedder(), POOL)[0] == "a"
    path = tmp_path / "knowledge-lexical-v1.index"
    whole = path.read_bytes()
    match damage:
        case "torn":
            path.write_bytes(whole[: len(whole) // 2])
        case "flipped":
            path.write_bytes(whole[:-50] + bytes([whole[-50] ^ 1]) + whole[-49:])
        case "empty":
            path.write_bytes(b"")
        case "foreign":
            other = tmp_path / "other"
            filled(other)
            subjects(other, LexicalEmbedder(), POOL)
            path.write_bytes((other / path.name).read_bytes())
        case _:
            path.unlink()
    assert subjects(tmp_path, LexicalEmbedder(), MEMORY)[0] == "b"
    assert VectorIndex.loaded(path, Origin("x", "lexical-v1", 384)) is None
    assert len(path.read_bytes()) == len(whole)


def test_an_index_with_vectors_that_are_gone_is_built_again(tmp_path: Path) -> None:
    filled(tmp_path)
    old = (tmp_path / "knowledge.db").read_bytes()
    with open_sqlite(tmp_path, LexicalEmbedder()) as base:
        base.record(an_incident("d", "dns name cannot be resolved"))
        assert len(base.similar(POOL)) == 4
    for path in tmp_path.glob("knowledge.db*"):
        path.unlink()
    (tmp_path / "knowledge.db").write_bytes(old)
    assert sorted(subjects(tmp_path, LexicalEmbedder(), POOL)) == ["a", "b", "c"]


def test_a_folder_without_room_for_the_index_costs_no_answer(tmp_path: Path) -> None:
    filled(tmp_path)
    (tmp_path / "knowledge-lexical-v1.index").mkdir()
    assert subjects(tmp_path, LexicalEmbedder(), POOL)[0] == "a"


def test_many_vectors_are_searched_in_lists_and_nearly_all_the_nearest_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vector_index, "EXACT_UNTIL", 500)
    random = np.random.default_rng(1)
    vectors = random.normal(size=(3000, 8)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    keys = np.arange(3000, dtype=np.int64) * 7
    index = VectorIndex.built(ORIGIN, keys, vectors)
    assert type(index._inner).__name__ == "IndexIVFFlat"
    found = 0
    for query in vectors[:200]:
        exact = set((np.argsort(-(vectors @ query))[:5] * 7).tolist())
        found += len(exact & {key for key, _ in index.nearest(query, 5)})
    assert found / 1000 >= 0.95
    index.add(np.array([-5], dtype=np.int64), vectors[:1])
    assert {key for key, _ in index.nearest(vectors[0], 2)} == {0, -5}


def test_an_index_grows_out_of_exact_search(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vector_index, "EXACT_UNTIL", 50)
    vectors = np.eye(8, dtype=np.float32)
    index = VectorIndex.built(ORIGIN, np.arange(8, dtype=np.int64), vectors)
    assert not index.outgrown
    index.add(np.arange(8, 60, dtype=np.int64), np.repeat(vectors[:1], 52, axis=0))
    assert index.outgrown


def test_a_thousand_incidents_of_one_signature_give_as_many_as_asked(tmp_path: Path) -> None:
    with open_sqlite(tmp_path, LexicalEmbedder()) as base:
        for number in range(30):
            base.record(an_incident(f"s{number}", POOL))
        base.record(an_incident("other", MEMORY))
        assert len(base.similar(POOL, limit=10)) == 10
        assert len(base.similar(MEMORY, limit=40)) == 31
