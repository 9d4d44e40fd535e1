"""A setting whose value is not accepted: the value it had before, or the accepted one that it must have meant.

The program itself says which setting, and often which values it takes:

    LOG_LEVEL: Input should be 'debug', 'info' or 'warning'
    invalid value for environment variable POOL_MODE: "sesion"
"""

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass

from yaml.nodes import Node, ScalarNode

from agent.domain.claim import Claim
from agent.domain.fix import Fix, Risk
from agent.fixes.containers import DeclaredContainer, containers_for, manifests_of, name_of
from agent.fixes.drafting import Draft
from agent.fixes.project import Project
from agent.fixes.telling import words_of
from agent.fixes.yaml_nodes import Edit, child, entries, items, replacing, scalar

_NAMES = (
    re.compile(r"\b(?P<key>[A-Za-z][\w.]{2,80}): Input should be (?P<accepted>[^\n]{0,300})"),
    re.compile(
        r"(?i)invalid value for (?:environment variable |setting |option )?['\"`]?(?P<key>[A-Za-z][\w.-]{2,80})"
        r"(?P<accepted>[^\n]{0,300})"
    ),
    re.compile(r"\b(?P<key>[A-Z][A-Z0-9_]{2,80})(?P<accepted>[^\n]{0,60} is not a valid value[^\n]{0,300})"),
)
_LITERAL = re.compile(r"['\"`]([\w.:/-]{1,60})['\"`]")
_SECRET = re.compile(r"(?i)pass(?:word|wd)?|secret|token|credential|private|api_?key|access_?key")
_CLOSE = 0.6


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the setting's value stands; `lead` precedes it in the same scalar (`NAME=` in a list of Compose)."""

    path: str
    node: ScalarNode
    lead: str = ""

    @property
    def value(self) -> str:
        return str(self.node.value).removeprefix(self.lead)


def correct_setting(cause: Claim, project: Project) -> Iterator[Fix]:
    """The value that a recent commit replaced, and the accepted value that is spelt almost like the present one."""
    if cause.category != "configuration-invalid":
        return
    for found in (hit for shape in _NAMES for hit in shape.finditer(words_of(cause))):
        name = found["key"]
        places = [place for place in _places(name, cause, project) if not _SECRET.search(name)]
        fixes = [_restored(name, places, project), _spelt(name, places, found["accepted"], project)]
        if any(fixes):
            yield from (fix for fix in fixes if fix)
            return


def _restored(name: str, places: list[_Place], project: Project) -> Fix | None:
    draft, told = Draft(project), ""
    for place in places:
        before = next((one for one in _former(name, place, project) if one != place.value), None)
        if before is not None and draft.edit(place.path, _edit(place, before, project)):
            told = f"{before}, was {place.value} ({place.path})"
    return draft.fix(
        "restore-value",
        f"Set {name} to {told}",
        f"The value of {name} is not accepted; a recent commit replaced this one.",
    )


def _spelt(name: str, places: list[_Place], accepted: str, project: Project) -> Fix | None:
    draft, told = Draft(project), ""
    for place in places:
        known = [one for one in _LITERAL.findall(accepted) if one != place.value]
        close = difflib.get_close_matches(place.value.lower(), [one.lower() for one in known], n=1, cutoff=_CLOSE)
        meant = next((one for one in known if close and one.lower() == close[0]), None)
        if meant is not None and draft.edit(place.path, _edit(place, meant, project)):
            told = f"{meant}, was {place.value} ({place.path})"
    return draft.fix(
        "correct-value",
        f"Set {name} to {told}",
        f"The value of {name} is not accepted; this one is, and is spelt almost like it.",
        risk=Risk.MEDIUM,
    )


def _edit(place: _Place, value: str, project: Project) -> Edit | None:
    return replacing(project.texts[place.path], place.node, place.lead + value)


def _former(name: str, place: _Place, project: Project) -> Iterator[str]:
    """The values that recent commits took from the setting in this file, the newest commit's first."""
    key = re.escape(name.rsplit(".", 1)[-1])
    given = r"\s*(?P<value>[^#\s][^#]*?)\s*(?:#.*)?"
    whole = re.compile(rf"\s*(?:-\s*)?[\"']?(?:{re.escape(name)}|{key})[\"']?\s*[:=]{given}")
    value = re.compile(rf"\s*value:{given}")
    named = re.compile(rf"\s*-?\s*(?:-\s*)?name:\s*[\"']?{re.escape(name)}[\"']?\s*(?:#.*)?")
    for commit in project.files.commits:
        at, above = "", ""
        for line in (commit.diff or "").split("\n"):
            if line.startswith("--- "):
                at = line[4:].split("\t")[0].removeprefix("a/")
            elif line.startswith("-") and at == place.path:
                found = whole.fullmatch(line[1:]) or (value.fullmatch(line[1:]) if named.fullmatch(above) else None)
                if found:
                    yield found["value"].strip("\"'").removeprefix(place.lead)
            if not line.startswith("+"):
                above = line[1:]


def _places(name: str, cause: Claim, project: Project) -> Iterator[_Place]:
    """Where the containers at fault, the ConfigMaps that they read, or an application file set it."""
    for container in containers_for(cause, project):
        yield from _in_container(name, container)
        read = {scalar(child(one, "configMapRef", "name")) for one in items(child(container.node, "envFrom"))}
        for path, manifest, kind in manifests_of(project):
            if kind == "ConfigMap" and name_of(manifest) in read:
                yield from _place(path, child(manifest, "data", name))
    for path, documents in project.yaml.items():
        if re.search(r"(?:^|/)application[\w-]*\.ya?ml$", path):
            for document in documents:
                yield from _place(path, child(document, *name.split(".")) or child(document, name))


def _in_container(name: str, container: DeclaredContainer) -> Iterator[_Place]:
    if not container.compose:
        for item in items(child(container.node, "env")):
            if scalar(child(item, "name")) == name:
                yield from _place(container.path, child(item, "value"))
        return
    environment = child(container.node, "environment")
    yield from (place for key, value in entries(environment) if key == name for place in _place(container.path, value))
    for item in items(environment):
        if scalar(item).startswith(f"{name}="):
            yield from _place(container.path, item, f"{name}=")


def _place(path: str, node: Node | None, lead: str = "") -> Iterator[_Place]:
    if isinstance(node, ScalarNode) and node.value and not node.value.startswith("${"):
        yield _Place(path, node, lead)
