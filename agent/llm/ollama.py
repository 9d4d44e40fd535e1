"""Ollama through its official client: what is installed, and answers that stream."""

import socket
import time
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from agent.errors import ModelError

if TYPE_CHECKING:
    import ollama

CONNECT_S = 2.0
SILENCE_S = 60.0
"""How long the model may be silent: loading a large one takes a while."""
WHOLE_S = 180.0
MOST_TOKENS = 500
"""Of one answer; six short sentences need fewer."""
CONTEXT_TOKENS = 8_192
"""Room for the evidence; Ollama cuts a longer prompt without a word, and its own default is smaller."""
LONGEST = 20_000
"""Characters of one answer; the rest is cut off."""
HINT = "`ollama serve` starts it; `--no-model` does without"


class OllamaServer:
    """One Ollama. The client is imported on the first call that gets through, because it is slow to import."""

    def __init__(
        self, url: str, *, silence_s: float = SILENCE_S, whole_s: float = WHOLE_S, most_tokens: int = MOST_TOKENS
    ) -> None:
        self.url = url
        self._silence_s = silence_s
        self._whole_s = whole_s
        self._options = {"temperature": 0, "num_ctx": CONTEXT_TOKENS, "num_predict": most_tokens}

    def installed(self) -> tuple[str, ...]:
        """The names of the models that are there. Raises `ModelError` when nobody answers, or not as Ollama does."""
        self._knock()
        with _Translating(self.url), self._client() as client:
            listed = client.list()
            return tuple(model.model for model in listed.models if model.model)

    def version_of(self, model: str) -> str | None:
        """The beginning of the digest of an installed model, or `None`. Raises `ModelError` as `installed` does."""
        self._knock()
        with _Translating(self.url), self._client() as client:
            listed = {found.model: found.digest or "" for found in client.list().models}
            names = (name for name in listed if name and name.partition(":")[0] == model.partition(":")[0])
            wanted = model if ":" in model else f"{model}:latest"
            name = next((name for name in sorted(names, key=lambda name: name != wanted)), None)
            return None if name is None else listed[name].removeprefix("sha256:")[:12]

    def embed(self, model: str, texts: Sequence[str]) -> list[list[float]]:
        """One vector a text, cut where the model's context ends. Raises `ModelError` as `installed` does."""
        self._knock()
        with _Translating(self.url), self._client() as client:
            answer = client.embed(model, list(texts), truncate=True)
            vectors = [[float(number) for number in vector] for vector in answer.embeddings]
        if len(vectors) != len(texts) or len({len(vector) for vector in vectors}) != 1:
            raise ModelError(f"{model} gave {len(vectors)} vectors for {len(texts)} texts")
        return vectors

    def chat(self, model: str, system: str, prompt: str) -> Iterator[str]:
        """Pieces of the answer. Raises `ModelError` when it stops before its end, is silent or takes too long."""
        messages = [{"role": "system", "content": system}, {"role": "user", "content": prompt}]
        deadline = time.monotonic() + self._whole_s
        length, done = 0, False
        with _Translating(self.url), self._client() as client:
            for part in client.chat(model, messages, stream=True, options=self._options):
                piece = part.message.content or ""
                length += len(piece)
                yield piece
                done = bool(part.done)
                if length > LONGEST:
                    return
                if not done and time.monotonic() > deadline:
                    raise ModelError(f"{model} was still writing after {self._whole_s:g} s", hint=HINT)
        if not done:
            raise ModelError(f"{model} stopped in the middle of its answer", hint="`ollama ps` tells whether it runs")

    def _client(self) -> "ollama.Client":
        import httpx
        import ollama

        return ollama.Client(self.url, timeout=httpx.Timeout(self._silence_s, connect=CONNECT_S), trust_env=False)

    def _knock(self) -> None:
        """Fail at once, without importing anything, where nobody listens."""
        parts = urlsplit(self.url)
        try:
            socket.create_connection((parts.hostname or "", parts.port or 80), timeout=CONNECT_S).close()
        except OSError as error:
            reason = error.strerror or str(error)
            raise ModelError(f"no Ollama answers at {self.url} ({reason})", hint=HINT) from error


class OllamaModel:
    """One model of one server, as `agent.ports.ChatModel`."""

    def __init__(self, server: OllamaServer, name: str) -> None:
        self.name = name
        self._server = server

    def stream(self, system: str, prompt: str) -> Iterator[str]:
        """Pieces of the answer as they come."""
        return self._server.chat(self.name, system, prompt)


class _Translating:
    """Makes a `ModelError` of whatever the client raises when the other side is down, slow or talks nonsense."""

    def __init__(self, url: str) -> None:
        self._url = url

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        import httpx
        import ollama

        if isinstance(error, httpx.TimeoutException):
            raise ModelError(f"Ollama at {self._url} was silent for too long", hint=HINT) from error
        if isinstance(error, ollama.ResponseError):
            raise ModelError(f"Ollama at {self._url} answered: {error.error[:300]}", hint=HINT) from error
        if isinstance(error, httpx.HTTPError | OSError):
            raise ModelError(f"the connection to Ollama at {self._url} broke: {error}"[:400], hint=HINT) from error
        if isinstance(error, ValueError | TypeError | AttributeError):
            raise ModelError(f"what answers at {self._url} does not speak as Ollama does", hint=HINT) from error
