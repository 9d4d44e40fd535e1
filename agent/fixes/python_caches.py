"""Bounds for the caches of a Python file: `lru_cache(maxsize=None)`, `cache`, and dictionaries used as one."""

import ast
import re

BOUND = 1_000
_CACHE_NAME = re.compile(r"(?i)_*\w*(?:cache|memo)\w*")


def bounded_in_python(text: str) -> str:
    """The file with its caches bounded; unchanged where it has none, or is no Python that this version reads."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return text
    lines = text.split("\n")
    edits: list[tuple[int, int, int, str]] = []  # line, from and to column in bytes, new text
    insertions: list[tuple[int, str]] = []
    dictionaries = _dictionaries(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            edits += [edit for one in node.decorator_list if (edit := _decorator(one, tree))]
        elif isinstance(node, ast.Assign) and node.lineno == node.end_lineno and ";" not in lines[node.lineno - 1]:
            name = _stored_in(node, dictionaries)
            if name and not _bounds_already(lines, node.lineno, name):
                margin = lines[node.lineno - 1][: node.col_offset]
                if not margin.strip():
                    insertions.append(
                        (node.lineno, f"{margin}if len({name}) > {BOUND}:\n{margin}    {name}.pop(next(iter({name})))")
                    )
    for line, start, end, new in edits:
        raw = lines[line - 1].encode()
        lines[line - 1] = (raw[:start] + new.encode() + raw[end:]).decode()
    for line, new in sorted(set(insertions), reverse=True):
        ending = "\r" if lines[line - 1].endswith("\r") else ""
        lines[line:line] = [f"{one}{ending}" for one in new.split("\n")]
    if any("lru_cache" in new for *_, new in edits):
        lines = [re.sub(r"^(from functools import (?:.*\b)?)cache\b(?!d)", r"\1lru_cache", one) for one in lines]
    return "\n".join(lines)


def _decorator(node: ast.expr, tree: ast.Module) -> tuple[int, int, int, str] | None:
    if node.lineno != node.end_lineno or node.end_col_offset is None:
        return None
    where = (node.lineno, node.col_offset, node.end_col_offset)
    called = ast.unparse(node.func) if isinstance(node, ast.Call) else ast.unparse(node)
    if isinstance(node, ast.Call) and called in {"lru_cache", "functools.lru_cache"}:
        sizes = [*node.args[:1], *(one.value for one in node.keywords if one.arg == "maxsize")]
        if len(sizes) == 1 and isinstance(sizes[0], ast.Constant) and sizes[0].value is None:
            typed = "".join(f", {ast.unparse(one)}" for one in node.keywords if one.arg == "typed")
            return (*where, f"{called}(maxsize={BOUND}{typed})")
    if called == "functools.cache" and not isinstance(node, ast.Call):
        return (*where, f"functools.lru_cache(maxsize={BOUND})")
    if called == "cache" and not isinstance(node, ast.Call) and _imports_cache(tree):
        return (*where, f"lru_cache(maxsize={BOUND})")
    return None


def _imports_cache(tree: ast.Module) -> bool:
    """Whether `cache` is functools' own, imported on one line and used as a decorator only."""
    imported = any(
        isinstance(node, ast.ImportFrom)
        and node.module == "functools"
        and node.lineno == node.end_lineno
        and any(one.name == "cache" and one.asname is None for one in node.names)
        and not any(one.name == "lru_cache" for one in node.names)
        for node in tree.body
    )
    decorators = {id(one) for node in ast.walk(tree) for one in getattr(node, "decorator_list", ())}
    used = [node for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id == "cache"]
    return imported and all(id(node) in decorators for node in used)


def _dictionaries(tree: ast.Module) -> set[str]:
    """Names and attributes that hold an empty dictionary and are called a cache: `_cache`, `self.cache`."""
    found = set()
    for node in ast.walk(tree):
        targets = (
            node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        )
        value = getattr(node, "value", None) if targets else None
        empty = (isinstance(value, ast.Dict) and not value.keys) or (
            isinstance(value, ast.Call) and ast.unparse(value) == "dict()"
        )
        if empty and len(targets) == 1 and isinstance(targets[0], ast.Name | ast.Attribute):
            name = ast.unparse(targets[0])
            if _CACHE_NAME.fullmatch(name.rpartition(".")[2]):
                found.add(name)
    return found


def _stored_in(node: ast.Assign, dictionaries: set[str]) -> str | None:
    target = node.targets[0]
    if len(node.targets) != 1 or not isinstance(target, ast.Subscript):
        return None
    name = ast.unparse(target.value)
    return name if name in dictionaries else None


def _bounds_already(lines: list[str], line: int, name: str) -> bool:
    near = "\n".join(lines[max(0, line - 6) : line + 5])
    return f"len({name})" in near or f"{name}.pop" in near or f"del {name}[" in near
