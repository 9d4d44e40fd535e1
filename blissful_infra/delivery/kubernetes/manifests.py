"""Kubernetes objects as a deployment needs them: pinned to an image, in the order they go in. Pure."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from blissful_infra.delivery.images.image import ImageReference
from blissful_infra.errors import ConfigurationError

Manifest = Mapping[str, Any]

HOOK = "argocd.argoproj.io/hook"
SERVING_KINDS = frozenset({"Deployment", "HorizontalPodAutoscaler", "PodDisruptionBudget", "Ingress"})
CLUSTER_KINDS = frozenset({"Namespace"})


class ManifestError(ConfigurationError):
    """The rendered manifests are not what a deploy may apply."""

    code = "invalid-manifests"


@dataclass(frozen=True, slots=True)
class Phases:
    """What goes in first, what then migrates, what then serves."""

    groundwork: tuple[Manifest, ...]
    migrations: tuple[Manifest, ...]
    serving: tuple[Manifest, ...]


def manifests_in(text: str) -> tuple[Manifest, ...]:
    """The objects of a YAML stream. Raises ManifestError."""
    try:
        found = [document for document in yaml.safe_load_all(text) if document is not None]
    except yaml.YAMLError as error:
        raise ManifestError(f"the rendered manifests are no YAML: {error}") from error
    for document in found:
        if not isinstance(document, dict) or not document.get("kind") or not name_of(document):
            raise ManifestError("a rendered manifest is no Kubernetes object with kind and name")
    return tuple(found)


def name_of(manifest: Manifest) -> str:
    """The object's name; empty where it has none."""
    return str((manifest.get("metadata") or {}).get("name") or "")


def title_of(manifest: Manifest) -> str:
    """How an object is called to people.

    >>> title_of({"kind": "Service", "metadata": {"name": "app"}})
    'Service/app'
    """
    return f"{manifest['kind']}/{name_of(manifest)}"


def outside(manifests: Iterable[Manifest], namespace: str) -> tuple[str, ...]:
    """The objects that do not belong to this namespace: a deploy touches nothing else."""

    def strays(manifest: Manifest) -> bool:
        if manifest["kind"] in CLUSTER_KINDS:
            return name_of(manifest) != namespace
        return bool(manifest["metadata"].get("namespace") != namespace)

    return tuple(title_of(manifest) for manifest in manifests if strays(manifest))


def pinned(manifests: Iterable[Manifest], names: Collection[str], image: ImageReference) -> tuple[Manifest, ...]:
    """The objects with every container that uses one of these repositories on this image instead."""
    return tuple(_with_image(manifest, names, str(image)) for manifest in manifests)


def with_replicas(manifests: Iterable[Manifest], replicas: int) -> tuple[Manifest, ...]:
    """The number of pods: of the Deployment, or as the least of its autoscaler, which then decides."""
    found = tuple(manifests)
    scaled = any(manifest["kind"] == "HorizontalPodAutoscaler" for manifest in found)
    return tuple(_with_replicas(manifest, replicas, scaled=scaled) for manifest in found)


def annotated(manifests: Iterable[Manifest], notes: Mapping[str, str]) -> tuple[Manifest, ...]:
    """The objects with notes on the Deployments: no pod restarts for them."""
    return tuple(
        {
            **manifest,
            "metadata": {
                **manifest["metadata"],
                "annotations": {**(manifest["metadata"].get("annotations") or {}), **notes},
            },
        }
        if manifest["kind"] == "Deployment"
        else manifest
        for manifest in manifests
    )


def in_phases(manifests: Iterable[Manifest]) -> Phases:
    """Sorted into what stands first, what migrates, and what serves."""
    groundwork: list[Manifest] = []
    migrations: list[Manifest] = []
    serving: list[Manifest] = []
    for manifest in manifests:
        if manifest["kind"] == "Job" and (manifest["metadata"].get("annotations") or {}).get(HOOK):
            migrations.append(manifest)
        elif manifest["kind"] in SERVING_KINDS:
            serving.append(manifest)
        else:
            groundwork.append(manifest)
    return Phases(tuple(groundwork), tuple(migrations), tuple(serving))


def of_kind(manifests: Iterable[Manifest], kind: str) -> tuple[Manifest, ...]:
    """The objects of one kind."""
    return tuple(manifest for manifest in manifests if manifest["kind"] == kind)


def secrets_asked_for(manifests: Iterable[Manifest]) -> frozenset[str]:
    """The Secrets that containers need and that no manifest brings."""
    found = tuple(manifests)
    brought = {name_of(manifest) for manifest in of_kind(found, "Secret")}
    return frozenset(name for manifest in found for name in _secrets_of(manifest)) - brought


def without_secrets(manifests: Iterable[Manifest]) -> tuple[Manifest, ...]:
    """What a record may keep."""
    return tuple(manifest for manifest in manifests if manifest["kind"] != "Secret")


def _containers(manifest: Manifest) -> Iterator[Mapping[str, Any]]:
    pod = ((manifest.get("spec") or {}).get("template") or {}).get("spec") or {}
    yield from (*(pod.get("initContainers") or ()), *(pod.get("containers") or ()))


def _secrets_of(manifest: Manifest) -> Iterator[str]:
    for container in _containers(manifest):
        for source in container.get("envFrom") or ():
            if "secretRef" in source and not source["secretRef"].get("optional"):
                yield str(source["secretRef"]["name"])
        for variable in container.get("env") or ():
            reference = (variable.get("valueFrom") or {}).get("secretKeyRef")
            if reference and not reference.get("optional"):
                yield str(reference["name"])


def _with_image(manifest: Manifest, names: Collection[str], image: str) -> Manifest:
    if not any(_repository(container) in names for container in _containers(manifest)):
        return manifest
    template = manifest["spec"]["template"]
    pod = dict(template["spec"])
    for key in ("initContainers", "containers"):
        if pod.get(key):
            pod[key] = [{**each, "image": image} if _repository(each) in names else each for each in pod[key]]
    return {**manifest, "spec": {**manifest["spec"], "template": {**template, "spec": pod}}}


def _repository(container: Mapping[str, Any]) -> str:
    before, _, last = str(container.get("image") or "").partition("@")[0].rpartition("/")
    return f"{before}/{last.partition(':')[0]}" if before else last.partition(":")[0]


def _with_replicas(manifest: Manifest, replicas: int, *, scaled: bool) -> Manifest:
    if manifest["kind"] == "Deployment" and not scaled:
        return {**manifest, "spec": {**manifest["spec"], "replicas": replicas}}
    if manifest["kind"] == "HorizontalPodAutoscaler":
        most = max(replicas, int(manifest["spec"]["maxReplicas"]))
        return {**manifest, "spec": {**manifest["spec"], "minReplicas": max(replicas, 1), "maxReplicas": most}}
    return manifest
