"""Which embedder is used, and why: the one configured, or the best that is there."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.util import find_spec

from agent.errors import KnowledgeError, ModelError
from agent.knowledge.embedders.lexical import LexicalEmbedder
from agent.knowledge.embedders.missing import MissingEmbedder
from agent.knowledge.embedders.ollama import OllamaEmbedder
from agent.knowledge.embedders.sentence_transformers import MODULES, SentenceEmbedder
from agent.llm.hosts import host_url, is_this_machine
from agent.llm.ollama import OllamaServer
from agent.ports import Embedder

OLLAMA_MODEL = "nomic-embed-text"


@dataclass(frozen=True, slots=True)
class EmbedderSeen:
    """The embedder and a sentence that says why it is this one."""

    embedder: Embedder
    reason: str


def embedder_for(
    configured: str, environ: Mapping[str, str], *, may_send: Callable[[str], bool] = lambda _host: False
) -> EmbedderSeen:
    """The embedder of the setting `agent.embedder`: `auto`, `lexical`, `ollama` or `sentence-transformers`.

    `auto` never asks a server that is not on this machine; `ollama` does where `may_send` to that host. Where the
    configured one is missing, the embedder given raises `SourceUnavailableError` with the reason when it is used.
    """
    try:
        return _configured(configured, environ, may_send)
    except KnowledgeError as error:
        return EmbedderSeen(MissingEmbedder(error), error.message)


def _configured(configured: str, environ: Mapping[str, str], may_send: Callable[[str], bool]) -> EmbedderSeen:
    match configured:
        case "lexical":
            return EmbedderSeen(LexicalEmbedder(), "configured")
        case "sentence-transformers":
            return EmbedderSeen(_sentences(), "configured")
        case "ollama":
            _check_host(host_url(environ.get("OLLAMA_HOST")), may_send)
            return EmbedderSeen(_ollama(environ), "configured")
        case _:
            return _best(environ)


def _best(environ: Mapping[str, str]) -> EmbedderSeen:
    if not _missing():
        return EmbedderSeen(_sentences(), "installed")
    if is_this_machine(host_url(environ.get("OLLAMA_HOST"))):
        try:
            return EmbedderSeen(_ollama(environ), "Ollama has it")
        except KnowledgeError:
            pass
    return EmbedderSeen(LexicalEmbedder(), "no embedding model is installed")


def _sentences() -> SentenceEmbedder:
    if missing := _missing():
        raise KnowledgeError(
            f"the embedder sentence-transformers needs {' and '.join(missing)}, not installed here",
            hint="install the extra: `uv tool install 'blissful-infra[embeddings]'`, or set `agent.embedder: lexical`",
        )
    return SentenceEmbedder()


def _missing() -> tuple[str, ...]:
    return tuple(module for module in MODULES if find_spec(module) is None)


def _check_host(url: str, may_send: Callable[[str], bool]) -> None:
    if not is_this_machine(url) and not may_send(url):
        raise KnowledgeError(
            f"the embedder ollama would send redacted text to {url}, which is not this machine",
            hint="agree to that host when `blissful-infra agent` asks, or set `agent.embedder: lexical`",
        )


def _ollama(environ: Mapping[str, str]) -> OllamaEmbedder:
    server = OllamaServer(host_url(environ.get("OLLAMA_HOST")))
    try:
        version = server.version_of(OLLAMA_MODEL)
    except ModelError as error:
        raise KnowledgeError(f"the embedder ollama: {error.message}", hint=error.hint) from error
    if version is None:
        raise KnowledgeError(
            f"the Ollama at {server.url} has no {OLLAMA_MODEL}",
            hint=f"`ollama pull {OLLAMA_MODEL}`, or set `agent.embedder: lexical`",
        )
    return OllamaEmbedder(server, OLLAMA_MODEL, version)
