"""Which of the installed models is used, and why: the configured one, its smaller sibling, any other, none."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

_SIZE = re.compile(r"(\d+(?:\.\d+)?)b\b")
_NO_CHAT = re.compile(r"embed|minilm|bge-|rerank", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Choice:
    """The model's name, or `None`, and a sentence that says why."""

    name: str | None
    reason: str


def choice_of(configured: str, installed: Sequence[str]) -> Choice:
    """The model to use of those installed.

    >>> choice_of("llama3.1:70b", ["mistral:7b", "llama3.1:8b"])
    Choice(name='llama3.1:8b', reason='llama3.1:70b is not installed; its smaller sibling is')
    """
    wanted = configured if ":" in configured else f"{configured}:latest"
    if wanted in installed:
        return Choice(wanted, "configured")
    if fitting := sorted(name for name in installed if name.startswith(f"{wanted}-")):
        return Choice(fitting[0], f"{configured} as it is installed")
    family, _, tag = wanted.partition(":")
    most = _size(tag)
    smaller = [
        (size, name)
        for name in installed
        if name.partition(":")[0] == family and (size := _size(name)) is not None and (most is None or size < most)
    ]
    if smaller:
        return Choice(max(smaller)[1], f"{configured} is not installed; its smaller sibling is")
    talking = [name for name in installed if not _NO_CHAT.search(name)]
    if talking:
        return Choice(talking[0], f"{configured} is not installed; this one is")
    return Choice(None, f"no chat model is installed; `ollama pull {configured}` installs one")


def _size(name: str) -> float | None:
    match = _SIZE.search(name.rpartition(":")[2])
    return float(match[1]) if match else None
