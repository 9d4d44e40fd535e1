"""A Python program that waits for another one as long as it takes."""

import ast
import re
from collections.abc import Iterator

from agent.advice.material import Material
from agent.advice.python_code import call_name, calls_in, imported, keyword
from agent.domain.suggestion import Priority, Suggestion

_VERBS = ("get", "post", "put", "patch", "delete", "head", "options", "request")
_NO_DEFAULT = frozenset({*(f"requests.{verb}" for verb in _VERBS), "urllib.request.urlopen", "urlopen"})
_SHAPE = re.compile(r"\brequests\.[a-z]|\burlopen\b|\btimeout\s*=\s*None")
_SWITCHED_OFF = ("httpx.", "aiohttp.ClientTimeout")


def python_timeouts(material: Material) -> Iterator[Suggestion]:
    """Calls of `requests` and `urlopen` without a time-out, and clients whose time-out is switched off."""
    for path, text in material.of(".py"):
        for call in calls_in(text, _SHAPE):
            name = call_name(call)
            timeout = keyword(call, "timeout")
            forgotten = name in _NO_DEFAULT and timeout is None and not _has_positional_timeout(name, call)
            off = name.startswith(_SWITCHED_OFF) and isinstance(timeout, ast.Constant) and timeout.value is None
            if (forgotten or off) and name.partition(".")[0] in imported(text):
                yield Suggestion(
                    rule="code-timeout",
                    priority=Priority.MEDIUM,
                    subject=f"{name} {ast.unparse(call)[:80]}",
                    title=f"{name} waits without end",
                    why="when the other side hangs, so does this one",
                    fix=f"{name}(..., timeout=5): less than what the caller waits",
                    evidence=(material.shown(path, call.lineno),),
                )


def _has_positional_timeout(name: str, call: ast.Call) -> bool:
    return name.endswith("urlopen") and len(call.args) > 2
