"""YAML as nodes that know where they stand, so that an edit touches the text of one value and nothing else.

Comments, quotes, indentation and order survive, because only the characters between two marks are replaced.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

LONGEST = 64_000
"""Characters of one file."""
DEEPEST = 60
MOST_STEPS = 20_000
_PROPERTIES = re.compile(r"(?P<before>(?:[&!]\S*\s+)*)(?P<value>.*)", re.DOTALL)
_PLAIN = re.compile(r"[A-Za-z0-9/$_][\w./:@${}%+*?=~-]*")
_NOT_TEXT = re.compile(r"(?i)[-+]?[\d.][\d._eE+-]*|0x[\da-f]+|true|false|yes|no|on|off|null|~|.*:|\d[\d:]*")


_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""Only scanned and composed, never constructed; the one in C is many times as fast."""


class YamlUnreadableError(ValueError):
    """The text is no YAML, or more than is looked at."""


def documents_in(text: str) -> tuple[Node, ...]:
    """The top nodes of a text's documents. Raises `YamlUnreadableError`."""
    if len(text) > LONGEST or text.startswith("\ufeff"):
        raise YamlUnreadableError("a mark of byte order, or more characters than are looked at")
    try:
        depth = 0
        for event in yaml.parse(text, _Loader):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > DEEPEST:  # composing is recursive, in C
                raise YamlUnreadableError("nested too deep")
        return tuple(node for node in yaml.compose_all(text, _Loader) if node is not None)
    except (yaml.YAMLError, ValueError) as error:
        told = " ".join(str(error).split())
        raise YamlUnreadableError(f"no YAML: {told}"[:200]) from error


def child(node: Node | None, *keys: str) -> Node | None:
    """What stands under the keys, one in the other; merged mappings (`<<`) are looked into too."""
    for key in keys:
        node = _value(node, key, 0)
    return node


def _value(node: Node | None, key: str, depth: int) -> Node | None:
    if not isinstance(node, MappingNode) or depth > DEEPEST:
        return None
    found = merged = None
    for name, value in node.value:
        if isinstance(name, ScalarNode) and name.value == key:
            found = value
        elif isinstance(name, ScalarNode) and name.value == "<<":
            parents = value.value if isinstance(value, SequenceNode) else [value]
            merged = next((hit for hit in (_value(one, key, depth + 1) for one in parents) if hit), merged)
    return found or merged


def entries(node: Node | None) -> Iterator[tuple[str, Node]]:
    """The pairs of a mapping whose keys are scalars; none of anything else."""
    if isinstance(node, MappingNode):
        for name, value in node.value:
            if isinstance(name, ScalarNode):
                yield name.value, value


def items(node: Node | None) -> Iterator[Node]:
    """The entries of a sequence; none of anything else."""
    if isinstance(node, SequenceNode):
        yield from node.value


def scalar(node: Node | None) -> str:
    """A scalar's text; empty for anything else."""
    return node.value if isinstance(node, ScalarNode) else ""


@dataclass(frozen=True, slots=True)
class Edit:
    """The characters from `start` to `end` become `text`; `written` are the scalars in it, for checking."""

    start: int
    end: int
    text: str
    written: tuple[str, ...]


def replacing(text: str, node: Node, value: str) -> Edit | None:
    """Another value in the same quotes; `None` for what spans lines."""
    start, end = node.start_mark.index, node.end_mark.index
    if not isinstance(node, ScalarNode) or "\n" in text[start:end]:
        return None
    parts = _PROPERTIES.fullmatch(text[start:end])
    assert parts is not None  # the pattern takes any text
    raw = parts["value"].strip()
    quote = raw[:1] if raw[:1] in {"'", '"'} and raw[-1:] == raw[:1] and len(raw) > 1 else ""
    if not quote and raw != node.value:
        return None
    new = written_as(value, quote, was_text=bool(quote) or not _NOT_TEXT.fullmatch(node.value))
    return Edit(start, end, parts["before"] + new + text[start + len(parts[0].rstrip()) : end], (value,))


def written_as(value: str, quote: str = "", *, was_text: bool = False) -> str:
    """A scalar as YAML has it: in the quotes given, else plain where it can be."""
    if not quote and _PLAIN.fullmatch(value) and not (was_text and _NOT_TEXT.fullmatch(value)):
        return value
    if quote == "'" and value.isprintable():
        return "'" + value.replace("'", "''") + "'"
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() else f"\\U{ord(c):08x}" for c in escaped) + '"'


def inserting(text: str, mapping: MappingNode, key: str, value: str, *, scalars: tuple[str, ...]) -> Edit | None:
    """A new entry: in a block mapping on a line of its own after the last one-line entry, in a flow mapping at its end.

    `value` is YAML text; of several lines, the later ones are indented below the key. `scalars` are those in it.
    """
    if mapping.flow_style:
        at = mapping.end_mark.index - 1
        if text[at : at + 1] != "}" or "\n" in value:
            return None
        body = text[mapping.start_mark.index : at].rstrip()
        at = mapping.start_mark.index + len(body)
        comma = "" if body.endswith(("{", ",")) else ","
        return Edit(at, at, f"{comma} {key}: {value}", scalars)
    if not mapping.value:
        return None
    newline = "\r\n" if "\r\n" in text else "\n"
    column = mapping.value[0][0].start_mark.column
    margin = " " * column
    lines = [f"{key}: {value}".rstrip()] if "\n" not in value else [f"{key}:", *value.split("\n")]
    body = newline.join(margin + line for line in lines)
    for name, node in reversed(mapping.value):
        if isinstance(node, ScalarNode) and node.start_mark.line == node.end_mark.line == name.start_mark.line:
            at = text.find("\n", node.end_mark.index)
            return (
                Edit(at + 1, at + 1, body + newline, scalars)
                if at >= 0
                else Edit(len(text), len(text), newline + body, scalars)
            )
    at = mapping.value[0][0].start_mark.index
    if text[at - column : at].strip():
        return None
    return Edit(at - column, at - column, body + newline, scalars)


def appending(text: str, sequence: SequenceNode, item: str, *, scalars: tuple[str, ...]) -> Edit | None:
    """One more item at the end; `item` is YAML text, its later lines indented as they stand below a dash."""
    if sequence.flow_style:
        at = sequence.end_mark.index - 1
        if text[at : at + 1] != "]" or "\n" in item:
            return None
        body = text[sequence.start_mark.index : at].rstrip()
        at = sequence.start_mark.index + len(body)
        return Edit(at, at, ("" if body.endswith(("[", ",")) else ", ") + item, scalars)
    last: Node | None = sequence
    for _ in range(DEEPEST):
        if isinstance(last, SequenceNode) and last.value and not last.flow_style:
            last = last.value[-1]
        elif isinstance(last, MappingNode) and last.value and not last.flow_style:
            last = last.value[-1][1]
    if last is None or last is sequence or "\n" in text[last.start_mark.index : last.end_mark.index]:
        return None
    newline = "\r\n" if "\r\n" in text else "\n"
    margin = " " * sequence.start_mark.column
    first, *others = item.split("\n")
    body = newline.join([f"{margin}- {first}", *(f"{margin}  {line}" for line in others)])
    at = text.find("\n", last.end_mark.index)
    return (
        Edit(at + 1, at + 1, body + newline, scalars)
        if at >= 0
        else Edit(len(text), len(text), newline + body, scalars)
    )


def edited(text: str, edits: list[Edit]) -> str | None:
    """The text with all edits; `None` where two overlap, or where the result says anything but what was meant."""
    ordered = sorted(set(edits), key=lambda edit: (edit.start, edit.end), reverse=True)
    if any(later.start < earlier.end for later, earlier in pairwise(ordered)):
        return None
    result = text
    for edit in ordered:
        result = result[: edit.start] + edit.text + result[edit.end :]
    written = {scalar for edit in ordered for scalar in edit.written}
    return result if _only_written(text, result, written) else None


def _only_written(before: str, after: str, written: set[str]) -> bool:
    """Whether nothing is lost, and every leaf that is new or other holds one of the values written."""
    try:
        old, new = _leaves(before), _leaves(after)
    except YamlUnreadableError:
        return False
    changed = {path for path in new if new[path] != old.get(path)}
    return bool(changed) and old.keys() <= new.keys() and all(new[path] in written for path in changed)


def _leaves(text: str) -> dict[tuple[str | int, ...], str]:
    """Each scalar under its path. Aliases are walked as often as they are used, so the steps are counted."""
    found: dict[tuple[str | int, ...], str] = {}
    waiting: list[tuple[Node, tuple[str | int, ...]]] = [
        (document, (number,)) for number, document in enumerate(documents_in(text))
    ]
    steps = 0
    while waiting:
        node, path = waiting.pop()
        steps += 1
        if steps > MOST_STEPS or len(path) > DEEPEST:
            raise YamlUnreadableError("too deep or too large")
        if isinstance(node, ScalarNode):
            found[path] = node.value
        elif isinstance(node, MappingNode):
            waiting += [
                (value, (*path, "key", scalar(name) or str(place))) for place, (name, value) in enumerate(node.value)
            ]
        elif isinstance(node, SequenceNode):
            waiting += [(value, (*path, place)) for place, value in enumerate(node.value)]
    return found
