"""Embedders: alike texts have alike vectors, each of length 1; which one is chosen, and why."""

import math
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.errors import ModelError, SourceUnavailableError
from agent.knowledge.embedders.choosing import embedder_for
from agent.knowledge.embedders.lexical import DIMENSIONS, LexicalEmbedder
from agent.knowledge.embedders.ollama import OllamaEmbedder
from agent.knowledge.embedders.sentence_transformers import SentenceEmbedder
from agent.llm.ollama import OllamaServer
from tests.fakes import OllamaStandIn
from tests.unit.agent.knowledge.incidents import IMAGE, MEMORY, POOL


def alike(one: str, other: str) -> float:
    first, second = LexicalEmbedder().embed([one, other])
    return sum(a * b for a, b in zip(first, second, strict=True))


def test_the_same_failure_in_other_words_is_nearer_than_another_failure() -> None:
    refused = "postgres refused connection app cannot connect to database connection refused"
    assert alike(refused, "the database does not accept connections connection to server refused by postgresql") > 0.4
    assert alike(MEMORY, "java out of memory error heap space container was killed") > 0.4
    assert max(alike(refused, MEMORY), alike(refused, IMAGE), alike(POOL, IMAGE)) < 0.25


def test_the_order_and_the_number_of_equal_words_matter_little() -> None:
    assert alike("connection refused", "refused connection") > 0.6
    assert alike(POOL, f"{POOL} {POOL} {POOL}") > 0.9


@given(st.text(max_size=300))
def test_every_text_has_a_vector_of_length_one(text: str) -> None:
    (vector,) = LexicalEmbedder().embed([text.encode("utf-8", "replace").decode()])
    assert len(vector) == DIMENSIONS
    assert math.isclose(math.sqrt(sum(number * number for number in vector)), 1.0, rel_tol=1e-5)


def test_the_vector_is_the_same_in_every_process() -> None:
    program = f"from agent.knowledge.embedders.lexical import vector_of; print(vector_of({POOL!r}).tobytes().hex())"
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.strip()
    (vector,) = LexicalEmbedder().embed([POOL])
    import numpy as np

    assert np.frombuffer(bytes.fromhex(told), dtype=np.float32).tolist() == vector


def test_ollama_is_chosen_where_it_has_the_model_and_its_version_is_in_the_name() -> None:
    with OllamaStandIn(models=["llama3.1:8b", "nomic-embed-text:latest"]) as server:
        seen = embedder_for("auto", {"OLLAMA_HOST": server.url})
        assert seen.reason == "Ollama has it"
        assert seen.embedder.name == "ollama/nomic-embed-text@0a109f422b47"
        first, second = seen.embedder.embed(["abc", "xyz"])
        assert (len(first), len(second), seen.embedder.dimensions) == (3, 3, 3)
        asked = server.requests[0]
        assert (asked["model"], asked["input"]) == ("nomic-embed-text", ["clustering: abc", "clustering: xyz"])


def test_many_texts_are_asked_in_batches() -> None:
    with OllamaStandIn(models=["nomic-embed-text:latest"]) as server:
        vectors = OllamaEmbedder(OllamaServer(server.url), "nomic-embed-text", "v").embed([f"t{n}" for n in range(70)])
        assert len(vectors) == 70
        assert [len(asked["input"]) for asked in server.requests] == [32, 32, 6]


@pytest.mark.parametrize("fault", ["garbage", "error"])
def test_an_ollama_that_fails_is_an_error_of_the_model(fault: str) -> None:
    with OllamaStandIn(models=["nomic-embed-text:latest"], fault=fault) as server, pytest.raises(ModelError):
        OllamaEmbedder(OllamaServer(server.url), "nomic-embed-text", "v").embed(["text"])


def test_without_a_model_the_built_in_one_is_taken_and_says_why() -> None:
    with OllamaStandIn(models=["llama3.1:8b"]) as server:
        seen = embedder_for("auto", {"OLLAMA_HOST": server.url})
    assert (seen.embedder.name, seen.reason) == ("lexical-v1", "no embedding model is installed")


def test_a_remote_ollama_is_never_asked_unless_configured() -> None:
    assert embedder_for("auto", {"OLLAMA_HOST": "http://192.0.2.1:9"}).embedder.name == "lexical-v1"


def test_a_configured_embedder_that_is_missing_says_so_when_it_is_used() -> None:
    with OllamaStandIn(models=[]) as server:
        seen = embedder_for("ollama", {"OLLAMA_HOST": server.url})
    with pytest.raises(SourceUnavailableError, match="has no nomic") as caught:
        seen.embedder.embed(["text"])
    assert "ollama pull" in str(caught.value.hint)


def test_an_ollama_elsewhere_is_asked_with_consent_only() -> None:
    asked: list[str] = []

    def refuse(host: str) -> bool:
        asked.append(host)
        return False

    seen = embedder_for("ollama", {"OLLAMA_HOST": "http://192.0.2.1:9"}, may_send=refuse)
    assert asked == ["http://192.0.2.1:9"]
    with pytest.raises(SourceUnavailableError, match="not this machine"):
        seen.embedder.embed(["text"])


@pytest.mark.needs_embeddings
@pytest.mark.timeout(600)
@pytest.mark.slow
def test_sentence_transformers_embeds_offline_by_meaning() -> None:
    embedder = embedder_for("sentence-transformers", {}).embedder
    assert isinstance(embedder, SentenceEmbedder)
    one, other, far = embedder.embed(["the pod ran out of memory", "container was OOM killed", "certificate expired"])
    assert len(one) == embedder.dimensions
    near = sum(a * b for a, b in zip(one, other, strict=True))
    assert near > sum(a * b for a, b in zip(one, far, strict=True)) + 0.1
    assert math.isclose(sum(a * a for a in one), 1.0, rel_tol=1e-4)
