"""What a deploy would change, object by object, as a unified diff without what the cluster adds by itself. Pure."""

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import yaml

SERVERS_OWN = ("managedFields", "resourceVersion", "uid", "generation", "creationTimestamp", "selfLink")
APPLIED = "kubectl.kubernetes.io/last-applied-configuration"


class Change(StrEnum):
    """What happens to an object."""

    CREATE = "create"
    CHANGE = "change"
    REMOVE = "remove"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class ObjectDiff:
    """One object: what happens to it, and the lines that show it."""

    title: str
    change: Change
    lines: tuple[str, ...] = ()


def diff_of(title: str, live: Mapping[str, Any] | None, wanted: Mapping[str, Any] | None) -> ObjectDiff:
    """The change from what the cluster has to what it would have."""
    if live is None and wanted is not None:
        return ObjectDiff(title, Change.CREATE)
    if wanted is None:
        return ObjectDiff(title, Change.REMOVE)
    before, after = _plain(live or {}), _plain(wanted)
    if before == after:
        return ObjectDiff(title, Change.SAME)
    old, new = (yaml.safe_dump(each, sort_keys=True).splitlines() for each in (before, after))
    lines = difflib.unified_diff(old, new, n=1, lineterm="")
    return ObjectDiff(title, Change.CHANGE, tuple(lines)[2:])


def summary_of(diffs: Iterable[ObjectDiff]) -> str:
    """One line for people.

    >>> summary_of([ObjectDiff("Service/a", Change.SAME), ObjectDiff("Job/b", Change.CREATE)])
    '1 create, 1 same'
    """
    found = [each.change for each in diffs]
    return ", ".join(f"{found.count(kind)} {kind}" for kind in Change if kind in found) or "nothing"


def lines_of(diffs: Iterable[ObjectDiff]) -> Iterator[str]:
    """The diff for people; what stays the same is left out."""
    for each in diffs:
        if each.change is not Change.SAME:
            yield f"{each.change:<7} {each.title}"
            yield from (f"    {line}" for line in each.lines)


def _plain(thing: Mapping[str, Any]) -> dict[str, Any]:
    plain = {key: value for key, value in thing.items() if key != "status"}
    metadata = {key: value for key, value in (plain.get("metadata") or {}).items() if key not in SERVERS_OWN}
    annotations = {key: value for key, value in (metadata.get("annotations") or {}).items() if key != APPLIED}
    # Numbers that each rollout and each deploy count up say nothing about what changes.
    annotations = {
        key: value
        for key, value in annotations.items()
        if not key.startswith(("deployment.kubernetes.io/", "blissful-infra.dev/"))
    }
    metadata.pop("annotations", None)
    plain["metadata"] = metadata | ({"annotations": annotations} if annotations else {})
    for key in ("data", "stringData"):
        if plain.get("kind") == "Secret" and plain.get(key):
            plain[key] = dict.fromkeys(plain[key], "(not shown)")
    return plain
