"""The containers that a project's files declare, in Kubernetes manifests and in Compose files."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from yaml.nodes import MappingNode, Node

from agent.domain.claim import Claim
from agent.fixes.project import Project
from agent.fixes.telling import is_of_a_cluster, subject_name
from agent.fixes.yaml_nodes import child, entries, items, scalar

_POD_SPECS = {
    "Pod": ("spec",),
    "CronJob": ("spec", "jobTemplate", "spec", "template", "spec"),
    **dict.fromkeys(
        ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job", "Rollout"), ("spec", "template", "spec")
    ),
}


@dataclass(frozen=True, slots=True)
class DeclaredContainer:
    """One container of a workload, or one service of a Compose file, whose `workload` is its own name."""

    path: str
    workload: str
    name: str
    node: MappingNode
    manifest: Node
    compose: bool


def manifests_of(project: Project) -> Iterator[tuple[str, Node, str]]:
    """Each Kubernetes object with its file and its kind; the items of lists too."""
    for path, documents in project.yaml.items():
        for document in documents:
            kind = scalar(child(document, "kind"))
            inner = items(child(document, "items")) if kind == "List" else iter((document,))
            for one in inner:
                if scalar(child(one, "apiVersion")) and (kind := scalar(child(one, "kind"))):
                    yield path, one, kind


def name_of(manifest: Node) -> str:
    """The object's name."""
    return scalar(child(manifest, "metadata", "name"))


def workloads_of(project: Project) -> Iterator[tuple[str, Node, str]]:
    """The objects that run pods."""
    return (found for found in manifests_of(project) if found[2] in _POD_SPECS)


def containers_of(project: Project) -> tuple[DeclaredContainer, ...]:
    """All containers, in the order of the files."""
    found = []
    for path, manifest, kind in workloads_of(project):
        spec = child(manifest, *_POD_SPECS[kind])
        for node in (*items(child(spec, "containers")), *items(child(spec, "initContainers"))):
            if isinstance(node, MappingNode):
                container = scalar(child(node, "name"))
                found.append(DeclaredContainer(path, name_of(manifest), container, node, manifest, compose=False))
    for path in project.compose_files:
        for document in project.yaml[path]:
            for name, node in entries(child(document, "services")):
                if isinstance(node, MappingNode):
                    found.append(DeclaredContainer(path, name, name, node, document, compose=True))
    return tuple(found)


def containers_for(cause: Claim, project: Project) -> tuple[DeclaredContainer, ...]:
    """Those of the component at fault: named like it, else the only one that this project builds or declares.

    What broke in a cluster is mended in the manifests, what broke in the local stack in the Compose file.
    """
    everything = containers_of(project)
    if is_of_a_cluster(cause):
        return _at_fault(cause, [one for one in everything if not one.compose])
    return _at_fault(cause, [one for one in everything if one.compose]) or _at_fault(cause, everything)


def _at_fault(cause: Claim, everything: Sequence[DeclaredContainer]) -> tuple[DeclaredContainer, ...]:
    named = matching(subject_name(cause), everything)
    if named:
        return named
    workloads = {(one.compose, one.workload) for one in everything if not one.compose}
    built = [one for one in everything if one.compose and child(one.node, "build") is not None]
    if len(workloads) == 1:
        return tuple(one for one in everything if not one.compose)
    return tuple(built) if not workloads and len(built) == 1 else ()


def matching(name: str, containers: Sequence[DeclaredContainer]) -> tuple[DeclaredContainer, ...]:
    """The containers of the workload, or the container, of this name; an overlay's prefix or suffix may be about it."""
    exact = [one for one in containers if name in {one.workload.lower(), one.name.lower()}]
    if exact or not name:
        return tuple(exact)
    ends = (f"-{name}", f"{name}-")
    return tuple(
        one
        for one in containers
        for known in (one.workload.lower(),)
        if known and (known.endswith(ends[0]) or name.endswith(f"-{known}") or name.startswith(f"{known}-"))
    )
