"""The one edit of a deploy: the image's digest, in the `images` of a kustomization. Pure.

Only the characters of the entry change; comments, order and quotes of everything else stay. The result is read again
and compared with what was meant, so that an unusual file is refused and never spoilt.
"""

import copy
from collections.abc import Iterator
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, SequenceNode

from agent.fixes.yaml_nodes import YamlUnreadableError, child, documents_in, items, scalar
from blissful_infra.delivery.images.image import ImageReference
from blissful_infra.delivery.kubernetes.manifests import ManifestError

OURS = ("# tag ", "# a deploy pins")
"""How the comments begin that a deploy may replace."""

Edit = tuple[int, int, str]


def with_image(text: str, project: str, image: ImageReference, tag: str | None) -> str:
    """The kustomization with the project's image pinned to a digest; `tag` becomes a comment. Raises ManifestError."""
    try:
        before = yaml.safe_load(text) or {}
        documents = documents_in(text)
    except (yaml.YAMLError, YamlUnreadableError) as error:
        raise ManifestError(f"the overlay's kustomization is no YAML: {error}") from error
    wanted = {"name": project, "newName": image.repository, "digest": str(image.digest)}
    if not isinstance(before, dict) or len(documents) != 1:
        raise ManifestError("the overlay's kustomization is no single mapping")
    listed = child(documents[0], "images")
    entry = next((each for each in items(listed) if scalar(child(each, "name")) == project), None)
    note = f"# tag {tag}" if tag else ""
    if isinstance(entry, MappingNode):
        edits = list(_in_entry(text, entry, wanted, note))
    elif isinstance(listed, SequenceNode) and listed.value:
        edits = [_appended(text, listed, wanted, note)]
    elif listed is not None:
        flow = ", ".join(f"{key}: {value}" for key, value in wanted.items())
        edits = [(listed.start_mark.index, listed.end_mark.index, f" [{{{flow}}}]")]
    else:
        edits = [
            (len(text), len(text), ("" if text.endswith("\n") else "\n") + _block("images:\n", "  ", wanted, note))
        ]
    result = text
    for start, end, new in sorted(edits, reverse=True):
        result = result[:start] + new + result[end:]
    if _read(result) != _meant(before, project, wanted):
        raise ManifestError(
            "the image cannot be written into the overlay's kustomization",
            hint=f"give `images` an entry with name: {project}, newName and digest, each on a line of its own",
        )
    return result


def image_in(text: str, project: str) -> str | None:
    """The image that a kustomization pins, as repository and digest; None where it pins none."""
    found = _read(text)
    for each in (found.get("images") if isinstance(found, dict) else None) or ():
        if isinstance(each, dict) and each.get("name") == project and each.get("digest"):
            return f"{each.get('newName') or project}@{each['digest']}"
    return None


def _in_entry(text: str, entry: MappingNode, wanted: dict[str, str], note: str) -> Iterator[Edit]:
    """A tag gives its place to the digest."""
    pairs = {scalar(key): (key, value) for key, value in entry.value}
    missing = [key for key in ("newName", "digest") if key not in pairs]
    if "newName" in pairs and scalar(pairs["newName"][1]) != wanted["newName"]:
        yield _replaced(pairs["newName"][1], wanted["newName"])
    for key in ("digest", "newTag"):
        if key not in pairs:
            continue
        name, value = pairs[key]
        if key == "newTag" and "digest" not in missing:
            yield _removed(text, entry, name, value)
            continue
        end, comment = value.end_mark.index, ""
        if not entry.flow_style:
            end, comment = _comment(text, value, note)
        changed = (key, scalar(value)) != ("digest", wanted["digest"])
        if changed or text[value.end_mark.index : end] != comment:
            yield name.start_mark.index, end, f"digest: {wanted['digest']}{comment}"
        missing = [each for each in missing if each != "digest"]
    if missing:
        last = pairs["name"][1]
        gap = ", " if entry.flow_style else "\n" + " " * entry.value[0][0].start_mark.column
        at = last.end_mark.index if entry.flow_style else _end_of_line(text, last.end_mark.index)
        after = f" {note}" if note and not entry.flow_style and missing[-1] == "digest" else ""
        yield at, at, "".join(f"{gap}{key}: {wanted[key]}" for key in missing) + after


def _comment(text: str, value: Node, note: str) -> tuple[int, str]:
    """Where the line's comment ends that a deploy may replace, and what stands there then."""
    at = value.end_mark.index
    line = text[at : _end_of_line(text, at)]
    if line.strip() and not line.strip().startswith(OURS):
        return at, ""
    return at + len(line), f" {note}" if note else ""


def _replaced(value: Node, new: str) -> Edit:
    return value.start_mark.index, value.end_mark.index, new


def _removed(text: str, entry: MappingNode, name: Node, value: Node) -> Edit:
    if entry.flow_style:
        start = text.rfind(",", 0, name.start_mark.index)
        return start, value.end_mark.index, ""
    start = text.rfind("\n", 0, name.start_mark.index)
    return start, _end_of_line(text, value.end_mark.index), ""


def _appended(text: str, listed: SequenceNode, wanted: dict[str, str], note: str) -> Edit:
    if listed.flow_style:
        at = listed.start_mark.index + 1
        return at, at, "{" + ", ".join(f"{key}: {value}" for key, value in wanted.items()) + "}, "
    margin = " " * listed.start_mark.column
    at = listed.start_mark.index - listed.start_mark.column
    return at, at, _block("", margin, wanted, note)


def _block(head: str, margin: str, wanted: dict[str, str], note: str) -> str:
    lines = [f"{margin}{'- ' if not at else '  '}{key}: {value}" for at, (key, value) in enumerate(wanted.items())]
    return head + "\n".join(lines) + (f" {note}" if note else "") + "\n"


def _end_of_line(text: str, at: int) -> int:
    found = text.find("\n", at)
    end = len(text) if found < 0 else found
    return end - 1 if text[end - 1 : end] == "\r" and end > at else end


def _read(text: str) -> Any:
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError:
        return None


def _meant(before: dict[str, Any], project: str, wanted: dict[str, str]) -> Any:
    after = copy.deepcopy(before)
    images = after["images"] = list(after.get("images") or ())
    for at, each in enumerate(images):
        if isinstance(each, dict) and each.get("name") == project:
            images[at] = {key: value for key, value in each.items() if key != "newTag"} | wanted
            return after
    images.insert(0, wanted)
    return after
