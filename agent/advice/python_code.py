"""Python source as a tree, and the names of what it calls.

>>> [call_name(node) for node in ast.walk(tree_of("a.b.c(x)")) if isinstance(node, ast.Call)]
['a.b.c']
"""

import ast
import warnings
from functools import lru_cache

_EMPTY = ast.Module(body=[], type_ignores=[])


@lru_cache(maxsize=256)
def tree_of(text: str) -> ast.Module:
    """The tree; an empty one where this Python cannot parse it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return _EMPTY


def call_name(node: ast.expr) -> str:
    """The dotted name of what is called or decorated with; empty where it has none."""
    target = node.func if isinstance(node, ast.Call) else node
    parts: list[str] = []
    while isinstance(target, ast.Attribute):
        parts.append(target.attr)
        target = target.value
    if not isinstance(target, ast.Name):
        return ""
    return ".".join(reversed([*parts, target.id]))


def keyword(call: ast.Call, name: str) -> ast.expr | None:
    """The argument of this name."""
    return next((one.value for one in call.keywords if one.arg == name), None)
