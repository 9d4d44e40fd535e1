"""Python source as a tree, and the names of what it calls.

>>> [call_name(node) for node in ast.walk(tree_of("a.b.c(x)")) if isinstance(node, ast.Call)]
['a.b.c']
"""

import ast
import re
import warnings
from collections.abc import Iterator
from functools import lru_cache

_LONGEST = 200_000
"""A longer file was written by a program."""
_EMPTY = ast.Module(body=[], type_ignores=[])


@lru_cache(maxsize=256)
def tree_of(text: str) -> ast.Module:
    """The tree; an empty one where this Python cannot parse it."""
    if len(text) > _LONGEST:
        return _EMPTY
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return _EMPTY


def calls_in(text: str, shape: re.Pattern[str]) -> Iterator[ast.Call]:
    """The calls of a program; none where the shape does not occur in it, which spares parsing most files."""
    if shape.search(text):
        yield from (node for node in ast.walk(tree_of(text)) if isinstance(node, ast.Call))


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


@lru_cache(maxsize=256)
def imported(text: str) -> frozenset[str]:
    """The names that the program's imports bind: a variable called `requests` is not the library."""
    names: set[str] = set()
    for node in ast.walk(tree_of(text)):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names.update((alias.asname or alias.name).partition(".")[0] for alias in node.names)
    return frozenset(names)
