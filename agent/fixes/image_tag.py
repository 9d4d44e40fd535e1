"""An image that cannot be pulled, where the project knows a tag that could be."""

import re
from collections.abc import Iterator

from agent.domain.claim import Claim
from agent.domain.fix import Fix
from agent.fixes.containers import containers_of
from agent.fixes.drafting import Draft
from agent.fixes.project import Project
from agent.fixes.telling import words_of
from agent.fixes.yaml_nodes import child, items, replacing, scalar

_IMAGE = re.compile(
    r"(?i)(?:pull(?:ing)? image|image tag|manifest for|image|reference)\s+\\?[\"']?"
    r"(?P<image>[a-z0-9][\w.-]*(?:[:/][\w.-]+)+)"
)
_NEW_TAG = re.compile(r"\s*(?:-\s*)?newTag:\s*[\"']?(?P<tag>\w[\w.-]*)")


def correct_image_tag(cause: Claim, project: Project) -> Iterator[Fix]:
    """The tag that a recent commit replaced, else the one that another file of the project gives the same image."""
    if cause.category not in {"image-pull", "docker-build"}:
        return
    for found in _IMAGE.finditer(words_of(cause)):
        repository, tag = _split(found["image"].rstrip("."))
        fix = _with_another_tag(repository, tag, project) if tag else None
        if fix:
            yield fix
            return


def _with_another_tag(repository: str, tag: str, project: Project) -> Fix | None:
    draft, changed = Draft(project), ""
    for container in containers_of(project):
        node = child(container.node, "image")
        value = scalar(node)
        at = value.find(f"{repository}:{tag}")
        after = value[at + len(repository) + 1 + len(tag) :] if at >= 0 else "?"
        if node is None or at < 0 or after[:1] not in {"", "}", "@"} or (at > 0 and value[at - 1] not in "-/"):
            continue
        right = _known_tag(repository, tag, container.path, project)
        new = value[: at + len(repository) + 1] + right + ("" if after.startswith("@") else after)
        if right and draft.edit(container.path, replacing(project.texts[container.path], node, new)):
            changed = right
    for path, documents in project.yaml.items():
        for image in (one for document in documents for one in items(child(document, "images"))):
            names = {scalar(child(image, "newName")), scalar(child(image, "name"))} - {""}
            node = child(image, "newTag")
            if node is None or scalar(node) != tag or not any(_same(name, repository) for name in names):
                continue
            right = _known_tag(repository, tag, path, project)
            if right and draft.edit(path, replacing(project.texts[path], node, right)):
                changed = right
    return draft.fix(
        "correct-image-tag",
        f"Use {repository}:{changed} in place of the tag {tag}",
        f"{repository}:{tag} cannot be pulled; {changed} is the tag that the project used before, or uses elsewhere.",
    )


def _known_tag(repository: str, wrong: str, path: str, project: Project) -> str:
    name = re.escape(repository.rsplit("/", 1)[-1])
    in_line = re.compile(rf"(?:^|[/\s\"'-]){name}:(?P<tag>\w[\w.-]*)")
    for line in project.removed_lines(path):
        found = in_line.search(line) or _NEW_TAG.match(line)
        if found and found["tag"] != wrong:
            return found["tag"]
    for container in containers_of(project):
        found = in_line.search(scalar(child(container.node, "image")))
        if found and found["tag"] != wrong:
            return found["tag"]
    return ""


def _same(name: str, repository: str) -> bool:
    return name == repository or repository.endswith(f"/{name}")


def _split(image: str) -> tuple[str, str]:
    """Repository and tag; a colon before a slash is a registry's port."""
    repository, colon, tag = image.rpartition(":")
    return (repository, tag) if colon and "/" not in tag else (image, "")
