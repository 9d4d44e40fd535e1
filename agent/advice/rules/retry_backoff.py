"""Retries that come at once: they keep down what they wait for."""

import ast
import re
from collections.abc import Iterator

from agent.advice.material import Material
from agent.advice.python_code import call_name, imported, keyword, tree_of
from agent.domain.suggestion import Priority, Shown, Suggestion

_RETRIES = re.compile(r"\b_?[Rr]etr|attempt|\btries\b")
_PAUSES = ("sleep", "wait", "backoff", "delay", "pause")


def retry_backoff(material: Material) -> Iterator[Suggestion]:
    """tenacity and urllib3 retries without a wait, loops that try again at once, Resilience4j without backoff."""
    for path, text in material.of(".py"):
        if _RETRIES.search(text):
            for what, line in _in_python(text):
                yield _hasty(what, material.shown(path, line))
    for file in material.settings:
        for setting in file.settings:
            if setting.key.startswith("resilience4j.retry.") and setting.key.endswith(("max-attempts", "maxAttempts")):
                above = setting.key.rpartition(".")[0]
                if not file.first(f"{above}.wait-duration", f"{above}.enable-exponential-backoff"):
                    yield _hasty(above, material.shown(file.path, setting.line))


def _in_python(text: str) -> Iterator[tuple[str, int]]:
    known = imported(text)
    for node in ast.walk(tree_of(text)):
        if isinstance(node, ast.Call) and call_name(node).partition(".")[0] in known:
            if what := _hasty_call(node):
                yield what, node.lineno
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            for one in node.decorator_list:
                bare = not isinstance(one, ast.Call) and call_name(one) in {"retry", "tenacity.retry"}
                if bare and "tenacity" in text:
                    yield f"@retry of {node.name}", one.lineno
        elif isinstance(node, ast.For | ast.While) and _is_hasty_loop(node):
            yield f"the loop of {ast.unparse(node).splitlines()[0][:80]}", node.lineno


def _hasty_call(call: ast.Call) -> str:
    name = call_name(call)
    if name in {"retry", "tenacity.retry"} and (keyword(call, "stop") or keyword(call, "retry")):
        return "" if keyword(call, "wait") else f"{ast.unparse(call)[:80]}"
    if name.rpartition(".")[2] == "Retry" and (keyword(call, "total") or keyword(call, "status_forcelist")):
        return "" if keyword(call, "backoff_factor") else f"{ast.unparse(call)[:80]}"
    return ""


def _is_hasty_loop(loop: ast.For | ast.While) -> bool:
    """A loop that says it retries, swallows the error, and pauses nowhere."""
    head = ast.unparse(loop.target if isinstance(loop, ast.For) else loop.test).lower()
    if not any(word in head for word in ("attempt", "retry", "retries", "tries")):
        return False
    swallows = any(
        isinstance(node, ast.ExceptHandler) and not any(isinstance(inner, ast.Raise) for inner in node.body)
        for node in ast.walk(loop)
    )
    calls = (call_name(node).lower() for node in ast.walk(loop) if isinstance(node, ast.Call))
    return swallows and not any(pause in name for name in calls for pause in _PAUSES)


def _hasty(what: str, shown: Shown) -> Suggestion:
    return Suggestion(
        rule="retry-backoff",
        priority=Priority.MEDIUM,
        subject=what,
        title=f"{what} tries again at once",
        why="when the other side is overloaded, each client multiplies the load; with all at once it never comes back",
        fix="wait longer each time, with some chance in it (tenacity: wait=wait_random_exponential(max=10))",
        evidence=(shown,),
    )
