"""A YAML file as plain data that remembers its lines.

Only mappings with text keys, lists, text, numbers, true and false pass. Files are bounded in size, depth and expanded
size (aliases), keys stand once, and whatever else a file may hold is a problem with a line number, never a traceback.
"""

import math
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from blissful_infra.settings.consistency import Location
from blissful_infra.settings.problems import InvalidSettingsError, Problem, dotted

MAX_BYTES = 256 * 1024
MAX_NODES = 20_000
MAX_DEPTH = 24
TAG = "tag:yaml.org,2002:"


@dataclass(frozen=True, slots=True)
class Document:
    """A file's data, and the line of each key and item; `name` is how the file is spoken of."""

    name: str
    data: dict[str, Any]
    lines: dict[Location, int] = field(default_factory=dict)

    def where(self, location: Location) -> str:
        """`blissful-infra.yaml:12`: the place of this key, or of the nearest thing around it."""
        while location and location not in self.lines:
            location = location[:-1]
        return f"{self.name}:{self.lines.get(location, 1)}"


def read_document(path: Path) -> Document:
    """Read a YAML mapping. Raises InvalidSettingsError naming every problem the reading itself shows."""
    name = path.name
    try:
        with path.open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise InvalidSettingsError(name, [Problem(str(path), "", f"cannot be read: {error.strerror}")]) from error
    return parse_document(raw, name)


def parse_document(raw: bytes, name: str) -> Document:
    """Parse a YAML mapping. Raises InvalidSettingsError."""
    if len(raw) > MAX_BYTES:
        raise InvalidSettingsError(name, [Problem(name, "", f"is larger than {MAX_BYTES // 1024} KiB")])
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise InvalidSettingsError(name, [Problem(f"{name}:{line}", "", "is not UTF-8 text")]) from error
    node = _composed(text, name)
    walk = _Walk(name)
    if not isinstance(node, MappingNode):
        what = "is empty" if node is None else "should be a mapping of keys"
        raise InvalidSettingsError(name, [Problem(f"{name}:1", "", what)])
    data = walk.value(node, ())
    if walk.problems:
        raise InvalidSettingsError(name, walk.problems)
    return Document(name, data, walk.lines)


def _composed(text: str, name: str) -> Node | None:
    reader = YAML(typ="rt", pure=True)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an anchor used twice is legal YAML
            node: Node | None = reader.compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        why = " ".join(part for part in (error.problem, error.context) if part) or "is not YAML"
        if "'\\t'" in why or (mark and "\t" in _line(text, mark.line)[: mark.column + 1]):
            why = "a tab stands where YAML wants spaces"
        raise InvalidSettingsError(name, [Problem(f"{name}:{line}", "", f"not YAML: {why}")]) from error
    except RecursionError as error:
        raise InvalidSettingsError(name, [Problem(name, "", "is nested too deeply")]) from error
    except (YAMLError, ValueError, TypeError, KeyError, IndexError, AttributeError, NotImplementedError) as error:
        # the parser is known to end in any of these on malformed text
        why = str(error).splitlines()[0] if str(error) else "cannot be parsed"
        raise InvalidSettingsError(name, [Problem(name, "", f"not YAML: {why}")]) from error
    return node


def _line(text: str, number: int) -> str:
    lines = text.splitlines()
    return lines[number] if number < len(lines) else ""


class _Walk:
    """Turns nodes into plain data, gathering lines and problems; stops counting at the budget."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.lines: dict[Location, int] = {}
        self.problems: list[Problem] = []
        self.budget = MAX_NODES

    def value(self, node: Node, location: Location) -> Any:
        self.budget -= 1
        self.lines.setdefault(location, node.start_mark.line + 1)
        if self.budget < 0 or len(location) > MAX_DEPTH:
            too_much = self._problem(node, (), "expands to more than a configuration can be")
            raise InvalidSettingsError(self.name, [too_much])
        if isinstance(node, MappingNode) and node.tag == f"{TAG}map":
            return self._mapping(node, location)
        if isinstance(node, SequenceNode) and node.tag == f"{TAG}seq":
            return [self.value(item, (*location, index)) for index, item in enumerate(node.value)]
        if isinstance(node, ScalarNode):
            return self._scalar(node, location)
        self.problems.append(self._problem(node, location, f"the tag `{node.tag}` is not supported"))
        return None

    def _mapping(self, node: MappingNode, location: Location) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if key_node.tag == f"{TAG}merge":
                continue
            if not isinstance(key_node, ScalarNode) or key_node.tag != f"{TAG}str":
                self.problems.append(self._problem(key_node, location, "a key should be text"))
                continue
            key, place = key_node.value, (*location, key_node.value)
            if key in found:
                first = self.lines[place]
                self.problems.append(self._problem(key_node, place, f"stands twice; the first is in line {first}"))
                continue
            self.lines[place] = key_node.start_mark.line + 1
            found[key] = self.value(value_node, place)
        for merged in self._merges(node, location):
            found = {**merged, **found}
        return found

    def _merges(self, node: MappingNode, location: Location) -> Iterator[dict[str, Any]]:
        for key_node, value_node in node.value:
            if key_node.tag != f"{TAG}merge":
                continue
            for source in value_node.value if isinstance(value_node, SequenceNode) else [value_node]:
                merged = self.value(source, location)
                if isinstance(merged, dict):
                    yield merged
                else:
                    self.problems.append(self._problem(source, location, "`<<` should name a mapping"))

    def _scalar(self, node: ScalarNode, location: Location) -> Any:
        text, kind = node.value, str(node.tag).removeprefix(TAG)
        if kind in {"str", "timestamp"}:
            return text
        if kind == "bool" and text.lower() in {"true", "false"}:
            return text.lower() == "true"
        if kind in {"int", "float"} and (number := _number(text, kind)) is not None:
            return number
        if kind == "null":
            self.problems.append(self._problem(node, location, "has no value; write one, or remove the key"))
        else:
            self.problems.append(self._problem(node, location, f"`{text[:40]}` is not supported as {node.tag}"))
        return None

    def _problem(self, node: Node, location: Location, why: str) -> Problem:
        return Problem(f"{self.name}:{node.start_mark.line + 1}", dotted(location), why)


def _number(text: str, kind: str) -> int | float | None:
    plain = text.replace("_", "").lower()
    if re.fullmatch(r"[-+]?\.(inf|nan)", plain):
        return math.nan if "nan" in plain else math.inf
    base = 0 if plain.lstrip("+-").startswith(("0o", "0x", "0b")) else 10
    try:
        return int(plain, base) if kind == "int" else float(plain)
    except ValueError:
        return None
