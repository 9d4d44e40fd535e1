"""The SQL of the knowledge base by name, and its migrations by number."""

import re
from functools import cache
from importlib.resources import files

_NAMED = re.compile(r"^-- (?P<name>[a-z_]+):.*\n(?P<text>(?:(?!-- ).*\n?)*)", re.MULTILINE)
_COMMENT = re.compile(r"^\s*--.*$", re.MULTILINE)


@cache
def statements() -> dict[str, str]:
    """Every statement of queries.sql, with `:name` for its parameters."""
    text = (files("agent.knowledge") / "queries.sql").read_text(encoding="utf-8")
    raw = {found["name"]: found["text"].strip() for found in _NAMED.finditer(text)}
    return {name: re.sub(r"\{([a-z_]+)\}", lambda part: raw[part[1]], body) for name, body in raw.items()}


@cache
def migrations() -> tuple[tuple[int, tuple[str, ...]], ...]:
    """Each migration's number and statements, in order; the numbers count up from 1 without a gap."""
    found = sorted(
        (entry.name, entry.read_text(encoding="utf-8"))
        for entry in (files("agent.knowledge") / "migrations").iterdir()
        if entry.name.endswith(".sql")
    )
    return tuple((int(name[:4]), _split(text)) for name, text in found)


def _split(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in _COMMENT.sub("", text).split(";") if part.strip())
