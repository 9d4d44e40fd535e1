"""YAML with line numbers: what a rule says about a key is shown at the line of that key.

    >>> [document] = documents_of("a:\\n  b: [1, 2]\\n")
    >>> document.at("a", "b").line, document.at("a", "b").texts
    (2, ('1', '2'))

Scalars stay text. Files are untrusted: aliases are shared, never copied, and nothing may hold itself.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DEEPEST = 40
_NULL = "tag:yaml.org,2002:null"


@dataclass(frozen=True, slots=True)
class Node:
    """A mapping, a list, a text or nothing, with its line (of the key, where it has one) counted from 1."""

    line: int
    value: "Mapping[str, Node] | tuple[Node, ...] | str | None"

    def at(self, *keys: str) -> "Node | None":
        """The node below these keys, or `None`."""
        node: Node | None = self
        for key in keys:
            node = node.value.get(key) if node is not None and isinstance(node.value, Mapping) else None
        return node

    def text(self, *keys: str) -> str:
        """The scalar below these keys; empty where there is none."""
        node = self.at(*keys)
        return node.value if node is not None and isinstance(node.value, str) else ""

    def items(self, *keys: str) -> "tuple[tuple[str, Node], ...]":
        """The entries of the mapping below these keys; none where it is no mapping."""
        node = self.at(*keys)
        return tuple(node.value.items()) if node is not None and isinstance(node.value, Mapping) else ()

    def listed(self, *keys: str) -> "tuple[Node, ...]":
        """The items of the list below these keys; none where it is no list."""
        node = self.at(*keys)
        return node.value if node is not None and isinstance(node.value, tuple) else ()

    @property
    def texts(self) -> tuple[str, ...]:
        """The scalars of a list."""
        return tuple(node.value for node in self.listed() if isinstance(node.value, str))


def documents_of(text: str) -> tuple[Node, ...]:
    """The documents of a file. Raises ValueError where it is no YAML."""
    try:
        return tuple(_node(root, root.start_mark.line + 1, {}, 0) for root in _roots(text))
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        raise ValueError(f"line {mark.line + 1}" if mark else type(error).__name__) from error


def _roots(text: str) -> Iterator[yaml.Node]:
    for root in yaml.compose_all(text, Loader=_LOADER):
        if root is not None:
            yield root


def _node(node: yaml.Node, line: int, known: dict[int, Any], depth: int) -> Node:
    if id(node) in known:
        return Node(line, known[id(node)])
    known[id(node)] = None
    value: Any = None
    if depth > _DEEPEST:
        value = None
    elif isinstance(node, yaml.MappingNode):
        value = _entries(node, known, depth)
    elif isinstance(node, yaml.SequenceNode):
        value = tuple(_node(item, item.start_mark.line + 1, known, depth + 1) for item in node.value)
    elif node.tag != _NULL:
        value = str(node.value)
    known[id(node)] = value
    return Node(line, value)


def _entries(node: yaml.MappingNode, known: dict[int, Any], depth: int) -> dict[str, Node]:
    entries: dict[str, Node] = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            continue
        found = _node(value, key.start_mark.line + 1, known, depth + 1)
        if key.value == "<<":
            merged = found.listed() or (found,)
            for one in merged:
                entries = {**dict(one.items()), **entries}
        else:
            entries[str(key.value)] = found
    return entries
