"""In-memory implementations of the agent's ports, and servers that misbehave on purpose."""

import json
import socket
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from agent.domain import Bound, Collected, Event, ServiceState, Window
from agent.domain.gathered import Gathered
from agent.domain.investigation import Document
from agent.errors import ModelError, SourceUnavailableError


@dataclass
class MemoryCollector:
    """A collector over events that are simply there; `reason` makes it unreachable."""

    events: Sequence[Event] = ()
    name: str = "memory"
    reason: str | None = None

    def collect(self, window: Window, bound: Bound) -> Collected:
        if self.reason:
            return Collected.unavailable(self.name, self.reason)
        inside = sorted((event for event in self.events if event.at in window), key=lambda event: event.at)
        kept = tuple(inside[-bound.records :])
        return Collected.of(self.name, kept, detail="in memory", truncated=len(kept) < len(inside))


@dataclass
class MemoryEvidence:
    """A source of evidence over lines that are simply there; `reason` makes it unreachable."""

    lines: Mapping[datetime, str] = field(default_factory=dict)
    name: str = "memory"
    reason: str | None = None

    def gather(self, window: Window, bound: Bound) -> Gathered:
        if self.reason:
            return Gathered.unavailable(self.name, self.reason)
        inside = [line for at, line in sorted(self.lines.items()) if at in window]
        kept = inside[-bound.records :]
        while kept and sum(len(line) + 1 for line in kept) > bound.octets:
            kept.pop(0)
        documents = (Document("notes/memory.txt", "\n".join(kept) + "\n"),) if kept else ()
        return Gathered.of(self.name, documents, detail="in memory", truncated=len(kept) < len(inside))


@dataclass
class MemoryObserver:
    """A stack whose state is given; none makes it unreachable."""

    states: tuple[ServiceState, ...] | None

    def observe(self) -> tuple[ServiceState, ...]:
        if self.states is None:
            raise SourceUnavailableError("nobody answers")
        return self.states


@dataclass
class ScriptedModel:
    """A chat model that says these pieces, and keeps what it was told; `dies` makes it fail after them."""

    pieces: Sequence[str]
    name: str = "scripted:1b"
    dies: bool = False
    told: list[str] = field(default_factory=list)

    def stream(self, system: str, prompt: str) -> Iterator[str]:
        self.told += [system, prompt]
        yield from self.pieces
        if self.dies:
            raise ModelError(f"{self.name} stopped in the middle of its answer")


class _OllamaHandler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: "_OllamaServer"

    def do_GET(self) -> None:
        digest = "0a109f422b47e3a30ba2b10eca18548e944e8a23073ee3f3e947efcf3c45e59f"
        body = {"models": [{"model": name, "name": name, "size": 1, "digest": digest} for name in self.server.models]}
        self._send(b"<html>hello</html>" if self.server.fault == "garbage" else json.dumps(body).encode())

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.requests.append(asked)
        if self.server.fault == "error":
            self._send(b'{"error":"model requires more system memory"}', status=500)
            return
        if self.path == "/api/embed":
            vectors = [[float(len(text)), 1.0, 0.5] for text in asked["input"]]
            told = json.dumps({"model": asked["model"], "embeddings": vectors}).encode()
            self._send(b"<html>hello</html>" if self.server.fault == "garbage" else told)
            return
        self.send_response(200)
        self.send_header("Content-Type", "application/x-ndjson")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for word in self.server.says:
            self._piece(word, done=False)
        match self.server.fault:
            case "dies":
                self.connection.shutdown(socket.SHUT_RDWR)
            case "slow":
                time.sleep(1.5)
            case "nonsense":
                self.wfile.write(b"5\r\n%%%%\n\r\n0\r\n\r\n")
            case "ends":
                self.wfile.write(b"0\r\n\r\n")
            case _:
                self._piece("", done=True)
                self.wfile.write(b"0\r\n\r\n")

    def _piece(self, content: str, *, done: bool) -> None:
        line = json.dumps({"model": "m", "message": {"role": "assistant", "content": content}, "done": done}).encode()
        self.wfile.write(f"{len(line) + 1:x}\r\n".encode() + line + b"\n\r\n")
        self.wfile.flush()

    def _send(self, body: bytes, status: int = 200) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Quiet."""


class _OllamaServer(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, models: Sequence[str], says: Sequence[str], fault: str) -> None:
        super().__init__(("127.0.0.1", 0), _OllamaHandler)
        self.models, self.says, self.fault = models, says, fault
        self.requests: list[dict[str, Any]] = []

    def handle_error(self, *_: object) -> None:
        """A client that went away is no error here."""


class OllamaStandIn:
    """A real HTTP server that speaks Ollama's API (`/api/tags`, `/api/chat`, `/api/embed`) and fails as it is told.

    `fault`: none, `dies` (the connection breaks), `ends` (the stream ends without `done`), `slow`, `nonsense` (in the
    stream), `garbage` (it is no Ollama), `error` (of the model).
    """

    def __init__(self, models: Sequence[str] = ("llama3.1:8b",), says: Sequence[str] = (), fault: str = "") -> None:
        self._server = _OllamaServer(models, says, fault)
        self.requests = self._server.requests
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
