"""More memory for what ran out of it: the container's limit, or the heap of the JVM in it."""

import re
from collections.abc import Iterator

from agent.domain.claim import Claim
from agent.domain.fix import Fix
from agent.fixes.containers import DeclaredContainer, containers_for
from agent.fixes.drafting import Draft
from agent.fixes.project import Project
from agent.fixes.quantities import doubled, octets
from agent.fixes.telling import words_of
from agent.fixes.yaml_nodes import child, replacing, scalar

CATEGORIES = frozenset({"oom-killed", "memory-limit-too-low", "out-of-memory", "memory-saturation", "memory-leak"})
_LIMITS = (("resources", "limits", "memory"), ("mem_limit",), ("deploy", "resources", "limits", "memory"))
_HEAP = re.compile(r"-Xmx(?P<size>\d{1,7}[kKmMgG])\b")
_HEAP_FULL = re.compile(r"Java heap space|GC overhead limit exceeded|OutOfMemoryError")
_HEAP_FILES = re.compile(r"(?:^|/)(?:Dockerfile[\w.-]*|jvm\.config|\.sdkmanrc|[\w.-]+\.(?:ya?ml|sh|env|example|conf))$")


def raise_memory_limit(cause: Claim, project: Project) -> Iterator[Fix]:
    """Twice the memory limit of the component; twice its `-Xmx` where its heap was full."""
    if cause.category not in CATEGORIES:
        return
    containers = containers_for(cause, project)
    if _HEAP_FULL.search(words_of(cause)):
        yield from _more_heap(containers, project)
    draft, told = Draft(project), []
    for container in containers:
        for keys in _LIMITS:
            node = child(container.node, *keys)
            more = doubled(scalar(node)) if node is not None and "$" not in scalar(node) else None
            if node is None or more is None or octets(scalar(node), compose=container.compose) is None:
                continue
            if draft.edit(container.path, replacing(project.texts[container.path], node, more)):
                told.append(f"{container.workload or container.name} from {scalar(node)} to {more}")
    told = list(dict.fromkeys(told))
    fix = draft.fix(
        "raise-memory-limit",
        f"Raise the memory limit of {'; '.join(told)}",
        "The process needed more memory than its limit allows; a leak would only fill the larger one later.",
    )
    if fix:
        yield fix


def _more_heap(containers: tuple[DeclaredContainer, ...], project: Project) -> Iterator[Fix]:
    draft, told = Draft(project), []
    shared = {container.path for container in containers}
    for path, text in project.texts.items():
        if not _HEAP_FILES.search(path) or (path in project.yaml and path not in shared):
            continue
        spans = _spans(path, containers, project)
        pieces = []
        for found in _HEAP.finditer(text):
            more = doubled(found["size"])
            if more and any(start <= found.start() < end for start, end in spans):
                pieces.append((found.start("size"), found.end("size"), more))
                told.append(f"-Xmx from {found['size']} to {more}")
        for start, end, more in reversed(pieces):
            text = text[:start] + more + text[end:]
        draft.write(path, text)
    fix = draft.fix(
        "raise-heap",
        f"Raise the JVM's heap: {'; '.join(dict.fromkeys(told))}",
        "The heap of the JVM was full before the container's limit was reached.",
    )
    if fix:
        yield fix


def _spans(path: str, containers: tuple[DeclaredContainer, ...], project: Project) -> list[tuple[int, int]]:
    """Where in a file a heap size is the component's own: inside its container, or anywhere in an image's files."""
    if path in project.yaml:
        nodes = [container.node for container in containers if container.path == path]
        return [(node.start_mark.index, node.end_mark.index) for node in nodes]
    return [(0, len(project.texts[path]))] if not path.endswith((".yaml", ".yml")) else []
