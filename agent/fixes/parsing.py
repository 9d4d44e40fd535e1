"""Whether a text is what its file's name says: the least that a changed file must still be."""

import ast
import json
import re
import tomllib
from collections.abc import Callable
from xml.parsers import expat

from agent.fixes.yaml_nodes import documents_in

_BRACKETS = {")": "(", "]": "[", "}": "{"}
_LITERALS = re.compile(
    r'"""(?:[^\\]|\\.)*?"""|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.){1,8}\'|//[^\n]*|/\*.*?\*/|`[^`]*`', re.DOTALL
)


def why_unreadable(path: str, text: str) -> str | None:
    """What is wrong with the text as such a file; `None` where nothing is, or where the kind of file is not known."""
    suffix = path.rsplit("/", 1)[-1].rpartition(".")[2].lower()
    check = _CHECKS.get(suffix)
    if check is None:
        return None
    try:
        check(text)
    except (ValueError, SyntaxError, RecursionError, MemoryError, expat.ExpatError) as error:
        return f"{path} is no valid {suffix} any more: {type(error).__name__}: {error}"[:300]
    return None


def _xml(text: str) -> None:
    parser = expat.ParserCreate()

    def refuse(*_: object) -> None:
        raise ValueError("entities are not expected here")

    parser.EntityDeclHandler = refuse
    parser.Parse(text.encode("utf-8"), True)  # noqa: FBT003 - expat takes no keywords


def _brackets(text: str) -> None:
    """No grammar of Kotlin, Java or Go is at hand: brackets that pair up outside of strings and comments."""
    open_: list[str] = []
    for character in _LITERALS.sub("", text):
        if character in "([{":
            open_.append(character)
        elif character in _BRACKETS and (not open_ or open_.pop() != _BRACKETS[character]):
            raise ValueError(f"a {character} that nothing opened")
    if open_:
        raise ValueError(f"a {open_[-1]} that nothing closes")


_CHECKS: dict[str, Callable[[str], object]] = {
    "py": ast.parse,
    "json": json.loads,
    "toml": tomllib.loads,
    "yaml": documents_in,
    "yml": documents_in,
    "xml": _xml,
    **dict.fromkeys(("kt", "kts", "java", "go"), _brackets),
}
