"""Embeddings of an Ollama server, by a model such as `nomic-embed-text`."""

from collections.abc import Sequence

from agent.llm.ollama import OllamaServer

BATCH = 32
"""Texts a call: a batch that is too long outlasts the time a server may be silent."""

TASK = "clustering: "
"""What nomic-embed-text wants before each text, to embed for likeness."""


class OllamaEmbedder:
    """`agent.ports.Embedder` by one model of one server; its name holds the model's version."""

    def __init__(self, server: OllamaServer, model: str, version: str) -> None:
        self.name = f"ollama/{model}@{version}"
        self._server = server
        self._model = model
        self._dimensions = 0

    @property
    def dimensions(self) -> int:
        """The length of each vector, asked of the model the first time."""
        if not self._dimensions:
            self._dimensions = len(self.embed(["length"])[0])
        return self._dimensions

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """One vector a text. Raises `ModelError` when the server is away or slow."""
        asked = [self._told(text) for text in texts]
        return [
            vector
            for start in range(0, len(asked), BATCH)
            for vector in self._server.embed(self._model, asked[start : start + BATCH])
        ]

    def _told(self, text: str) -> str:
        return f"{TASK}{text}" if self._model.startswith("nomic") else text
