"""A setting that is read and not there: put back, taken from where the project has it, or its name corrected."""

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass

from yaml.nodes import MappingNode, ScalarNode, SequenceNode

from agent.domain.claim import Claim
from agent.domain.fix import Fix, Risk
from agent.fixes.containers import DeclaredContainer, containers_for, containers_of, manifests_of, name_of
from agent.fixes.drafting import Draft
from agent.fixes.project import Project
from agent.fixes.telling import words_of
from agent.fixes.yaml_nodes import Edit, appending, child, entries, inserting, items, replacing, scalar, written_as

_NAMES = (
    re.compile(
        r"(?i)(?:environment variable|env(?:ironment)? var(?:iable)?s?|setting)s?:?\s+[`'\"]?(?P<key>[A-Za-z_]\w{1,80})"
    ),
    re.compile(r"KeyError: ['\"](?P<key>\w{2,80})['\"]"),
    re.compile(r"placeholder ['\"]?\$?\{?(?P<key>[\w.-]{2,120})"),
    re.compile(r"\b(?P<key>[A-Z][A-Z0-9_]{2,80}) (?:is )?(?:not set|missing|required|undefined|must be set)"),
)
_REFERENCED_KEY = re.compile(
    r"(?:couldn't find key|references non-existent (?:config|secret) key:?) (?P<key>[\w.-]+)"
    r"(?: in (?P<kind>ConfigMap|Secret) (?:[\w-]+/)?(?P<name>[\w.-]+))?"
)
_READ_KEY = re.compile(r"reads the key (?P<key>[\w.-]+) of the (?P<kind>ConfigMap|Secret) (?P<name>[\w.-]+)")
_REFERENCED_OBJECT = re.compile(r"(?i)(?P<kind>configmap|secret)s? \\?\"(?P<name>[\w.-]+)\\?\" not found")
_SECRET = re.compile(r"(?i)pass(?:word|wd)?|secret|token|credential|private|api_?key|access_?key")
_CLOSE = 0.8


def add_missing_setting(cause: Claim, project: Project) -> Iterator[Fix]:
    """Secrets are never copied: where the missing one looks like a secret, only its name is corrected."""
    if cause.category not in {"configuration-missing", "initialisation-missing"}:
        return
    words = words_of(cause)
    if found := _REFERENCED_KEY.search(words) or _READ_KEY.search(words):
        yield from _key_of_an_object(found["key"], found["name"] or "", project)
    elif found := _REFERENCED_OBJECT.search(words):
        yield from _object(found["name"], "ConfigMap" if found["kind"].lower() == "configmap" else "Secret", project)
    else:
        for name in dict.fromkeys(hit["key"] for shape in _NAMES for hit in shape.finditer(words)):
            fix = _variable(name, cause, project)
            if fix:
                yield fix
                return


@dataclass(frozen=True, slots=True)
class _Known:
    value: str
    where: str
    restored: bool


def _variable(name: str, cause: Claim, project: Project) -> Fix | None:
    known = None if _SECRET.search(name) else _known(name, project)
    if known is None:
        return None
    draft, told = Draft(project), ""
    if "." in name:
        told = _into_application_yaml(draft, name, known, project)
    for container in containers_for(cause, project) if not told else ():
        path = _into_config_map(draft, container, name, known.value, project)
        if path:
            told = told or path
        elif draft.edit(container.path, _into_container(container, name, known.value, project)):
            told = told or container.path
    return _fix(draft, name, known, told)


def _fix(draft: Draft, name: str, known: _Known, where: str) -> Fix | None:
    return draft.fix(
        "restore-setting" if known.restored else "add-setting",
        f"Set {name} in {where}",
        f"{name} is read and not set; its value is taken from {known.where}.",
        risk=Risk.LOW if known.restored else Risk.MEDIUM,
    )


def _known(name: str, project: Project) -> _Known | None:
    """The value the setting had before a recent commit, else the one that another place of the project gives it."""
    short = re.escape(name.rsplit(".", 1)[-1])
    line_of = re.compile(
        rf"\s*(?:-\s*)?[\"']?(?:{re.escape(name)}|{short})[\"']?\s*[:=]\s*(?P<value>[^#\s][^#]*?)\s*(?:#.*)?"
    )
    for line in project.removed_lines():
        if found := line_of.fullmatch(line):
            return _Known(_bare(found["value"]), "the line that a recent commit took away", restored=True)
    for container in containers_of(project):
        for key, value in _environment(container):
            if key == name and value and not value.startswith("${"):
                return _Known(value, f"{container.workload} in {container.path}", restored=False)
    for path, text in project.texts.items():
        if re.search(r"(?:^|/)[\w.-]*(?:env|properties)(?:\.(?:example|sample|dist))?$", path):
            for line in text.split("\n"):
                if (found := line_of.fullmatch(line[:400])) and _bare(found["value"]):
                    return _Known(_bare(found["value"]), path, restored=False)
    return None


def _bare(value: str) -> str:
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'" else value


def _environment(container: DeclaredContainer) -> Iterator[tuple[str, str]]:
    if not container.compose:
        for item in items(child(container.node, "env")):
            yield scalar(child(item, "name")), scalar(child(item, "value"))
        return
    environment = child(container.node, "environment")
    yield from ((key, scalar(value)) for key, value in entries(environment))
    for item in items(environment):
        key, _, value = scalar(item).partition("=")
        yield key, value


def _into_container(container: DeclaredContainer, name: str, value: str, project: Project) -> Edit | None:
    if any(key == name for key, _ in _environment(container)):
        return None
    text, quoted = project.texts[container.path], written_as(value, was_text=True)
    environment = child(container.node, "environment" if container.compose else "env")
    if container.compose:
        if isinstance(environment, MappingNode):
            return inserting(text, environment, name, quoted, scalars=(value,))
        if isinstance(environment, SequenceNode):
            pair = f"{name}={value}"
            return appending(text, environment, written_as(pair, was_text=True), scalars=(pair,))
        return inserting(text, container.node, "environment", f"{{ {name}: {quoted} }}", scalars=(value,))
    if isinstance(environment, SequenceNode):
        return appending(text, environment, f"name: {name}\nvalue: {quoted}", scalars=(name, value))
    return inserting(text, container.node, "env", f"[{{ name: {name}, value: {quoted} }}]", scalars=(name, value))


def _into_config_map(draft: Draft, container: DeclaredContainer, name: str, value: str, project: Project) -> str:
    """The file of the ConfigMap that the container reads whole, where it is one of the project's; else nothing."""
    read = {scalar(child(one, "configMapRef", "name")) for one in items(child(container.node, "envFrom"))}
    for path, manifest, kind in manifests_of(project):
        data = child(manifest, "data")
        if kind == "ConfigMap" and name_of(manifest) in read and isinstance(data, MappingNode):
            edit = inserting(project.texts[path], data, name, written_as(value, was_text=True), scalars=(value,))
            return path if child(data, name) is None and draft.edit(path, edit) else ""
    return ""


def _into_application_yaml(draft: Draft, name: str, known: _Known, project: Project) -> str:
    for path, documents in project.yaml.items():
        top = documents[0] if documents else None
        if re.search(r"(?:^|/)application\.ya?ml$", path) and isinstance(top, MappingNode):
            value = written_as(known.value)
            if draft.edit(path, inserting(project.texts[path], top, name, value, scalars=(known.value,))):
                return path
    return ""


def _key_of_an_object(key: str, owner: str, project: Project) -> Iterator[Fix]:
    """The object exists without this key: it gets the key back, or the reference gets the key it must have meant."""
    for path, manifest, kind in manifests_of(project):
        if kind not in {"ConfigMap", "Secret"} or (owner and name_of(manifest) != owner):
            continue
        data = child(manifest, "data") or child(manifest, "stringData")
        known = _known(key, project) if kind == "ConfigMap" and not _SECRET.search(key) else None
        if isinstance(data, MappingNode) and known and known.restored:
            draft = Draft(project)
            value = written_as(known.value, was_text=True)
            draft.edit(path, inserting(project.texts[path], data, key, value, scalars=(known.value,)))
            if fix := _fix(draft, key, known, f"the ConfigMap {name_of(manifest)} ({path})"):
                yield fix
        meant = difflib.get_close_matches(key, [name for name, _ in entries(data)], n=1, cutoff=_CLOSE)
        if meant and (fix := _renamed(("configMapKeyRef", "secretKeyRef"), "key", key, meant[0], project)):
            yield fix


def _object(name: str, kind: str, project: Project) -> Iterator[Fix]:
    names = [name_of(manifest) for _, manifest, found in manifests_of(project) if found == kind]
    meant = difflib.get_close_matches(name, [one for one in names if one != name], n=1, cutoff=_CLOSE)
    keys = ("configMapKeyRef", "configMapRef", "configMap") if kind == "ConfigMap" else ("secretKeyRef", "secretRef")
    if meant and name not in names and (fix := _renamed(keys, "name", name, meant[0], project)):
        yield fix


def _renamed(references: tuple[str, ...], key: str, wrong: str, right: str, project: Project) -> Fix | None:
    draft = Draft(project)
    for container in containers_of(project):
        for item in (*items(child(container.node, "env")), *items(child(container.node, "envFrom"))):
            for reference in references:
                node = child(item, "valueFrom", reference, key) or child(item, reference, key)
                if isinstance(node, ScalarNode) and node.value == wrong:
                    draft.edit(container.path, replacing(project.texts[container.path], node, right))
    return draft.fix(
        "correct-setting-name",
        f"Refer to {right} in place of {wrong}",
        f"{wrong} does not exist; {right} does, and is spelt almost like it.",
    )
