"""Kubernetes manifests as rules look at them: workloads with their containers, and what selects them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from agent.advice.yaml_nodes import Node

_POD_PATHS = {
    "Pod": ("spec",),
    "CronJob": ("spec", "jobTemplate", "spec", "template", "spec"),
}
_USUAL = ("spec", "template", "spec")
SERVING = frozenset({"Deployment", "StatefulSet", "DaemonSet"})
"""Kinds that are meant to run all the time."""
WORKLOADS = SERVING | {"ReplicaSet", "Job", "CronJob", "Pod"}


@dataclass(frozen=True, slots=True)
class Manifest:
    """One object of a file."""

    path: str
    node: Node

    @property
    def kind(self) -> str:
        """`Deployment`, `Service`, `Kustomization` ..."""
        return self.node.text("kind")

    @property
    def name(self) -> str:
        """The name, or where it was generated its beginning."""
        return self.node.text("metadata", "name") or self.node.text("metadata", "generateName")


@dataclass(frozen=True, slots=True)
class Workload:
    """An object that runs containers; a patch without images is none."""

    manifest: Manifest
    pod: Node
    containers: tuple[Node, ...]
    added_labels: frozenset[tuple[str, str]] = frozenset()

    @property
    def line(self) -> int:
        """The line of its name."""
        return (self.manifest.node.at("metadata", "name") or self.manifest.node).line

    @property
    def title(self) -> str:
        """`Deployment shop`."""
        return f"{self.manifest.kind} {self.manifest.name}"

    @property
    def is_serving(self) -> bool:
        """Whether it is meant to run all the time."""
        return self.manifest.kind in SERVING

    @property
    def labels(self) -> frozenset[tuple[str, str]]:
        """The labels of its pods."""
        labels = self.manifest.node.items("spec", "template", "metadata", "labels")
        return _pairs(labels) | self.added_labels


def workload_of(manifest: Manifest, added_labels: frozenset[tuple[str, str]] = frozenset()) -> Workload | None:
    """The workload, where the object is a whole one."""
    if manifest.kind not in WORKLOADS:
        return None
    pod = manifest.node.at(*_POD_PATHS.get(manifest.kind, _USUAL))
    containers = tuple(one for one in pod.listed("containers") if one.text("image")) if pod else ()
    return Workload(manifest, pod, containers, added_labels) if pod and containers else None


def selects(selector: Node | None, workload: Workload) -> bool:
    """Whether a label selector chooses the workload's pods; an empty one chooses all."""
    if selector is None:
        return False
    return _pairs(selector.items("matchLabels")) <= workload.labels


def labels_added(manifests: Iterable[Manifest]) -> frozenset[tuple[str, str]]:
    """The labels that Kustomizations put on what they hold."""
    pairs: set[tuple[str, str]] = set()
    for manifest in manifests:
        if manifest.kind == "Kustomization":
            pairs |= _pairs(manifest.node.items("commonLabels"))
            for labels in manifest.node.listed("labels"):
                pairs |= _pairs(labels.items("pairs"))
    return frozenset(pairs)


def pinned_elsewhere(manifests: tuple[Manifest, ...]) -> Iterator[str]:
    """The image names for which a Kustomization gives a digest or a tag."""
    for manifest in manifests:
        if manifest.kind in {"Kustomization", "Component"}:
            for image in manifest.node.listed("images"):
                if image.text("digest") or image.text("newTag"):
                    yield image.text("name")


def _pairs(entries: Iterable[tuple[str, Node]]) -> frozenset[tuple[str, str]]:
    return frozenset((key, node.value) for key, node in entries if isinstance(node.value, str))
