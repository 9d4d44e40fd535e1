"""Which model words the answers on this machine, and why that one or none."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from agent.errors import ModelError
from agent.llm.choosing import choice_of
from agent.llm.hosts import host_url, is_this_machine
from agent.llm.ollama import OllamaModel, OllamaServer
from agent.ports import ChatModel


@dataclass(frozen=True, slots=True)
class ModelSeen:
    """The model, or `None`, and a sentence that says why."""

    model: ChatModel | None
    reason: str

    @property
    def line(self) -> str:
        """What is told to the person asking."""
        return f"model: {self.model.name} ({self.reason})" if self.model else f"model: none ({self.reason})"


def model_for(
    configured: str, environ: Mapping[str, str], *, wanted: bool, remote_allowed: Callable[[str], bool]
) -> ModelSeen:
    """Look for the configured model, its smaller sibling, or any other at `OLLAMA_HOST`, by default on this machine.

    `remote_allowed` is asked, with the URL, before another machine is talked to at all.
    """
    if not wanted:
        return ModelSeen(None, "--no-model")
    url = host_url(environ.get("OLLAMA_HOST"))
    if not is_this_machine(url) and not remote_allowed(url):
        return ModelSeen(None, f"{url} is not this machine; --remote-model sends it the redacted evidence")
    server = OllamaServer(url)
    try:
        choice = choice_of(configured, server.installed())
    except ModelError as error:
        return ModelSeen(None, error.message)
    return ModelSeen(OllamaModel(server, choice.name) if choice.name else None, choice.reason)
