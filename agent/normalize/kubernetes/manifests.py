"""Objects out of YAML and JSON: manifests, and what `kubectl get -o yaml` prints. Any shape is stepped over."""

from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from agent.normalize.kubernetes.shapes import (
    Backend,
    Node,
    PodContainer,
    Pods,
    Policy,
    Probe,
    Reference,
    Scaler,
    Service,
    Settings,
    Shapes,
)  # fmt: skip

MOST_CHARACTERS = 2_000_000
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TEMPLATED = {"Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job"}


def looks_like_manifest(text: str) -> bool:
    """Whether the text is worth parsing: YAML of an object, or JSON."""
    head = text[:4000]
    return "apiVersion:" in head or '"apiVersion"' in head


def shapes_of_manifest(path: str, text: str) -> Shapes:
    """What the text declares; nothing where it cannot be parsed."""
    found: dict[str, list[Any]] = {}
    for one in _objects(text[:MOST_CHARACTERS]):
        for key, shape in _shapes(path, one):
            found.setdefault(key, []).append(shape)
    return Shapes(**{key: tuple(values) for key, values in found.items()})


def _objects(text: str) -> Iterator[Mapping[str, Any]]:
    try:
        documents = list(yaml.load_all(text, _Loader))
    except (yaml.YAMLError, RecursionError, ValueError):
        return
    for document in documents:
        for one in _list(document.get("items")) if isinstance(document, dict) and "items" in document else [document]:
            if isinstance(one, dict) and isinstance(one.get("kind"), str):
                yield one


def _shapes(path: str, one: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    kind, meta, spec = str(one["kind"]), _map(one.get("metadata")), _map(one.get("spec"))
    name, namespace = str(meta.get("name", "")), str(meta.get("namespace", ""))
    if kind == "CronJob":
        spec = _map(_map(spec.get("jobTemplate")).get("spec"))
    if kind in _TEMPLATED or kind == "CronJob":
        template = _map(spec.get("template"))
        replicas = spec.get("replicas")
        labels = _strings(_map(template.get("metadata")).get("labels"))
        yield "pods", _pods(kind, name, namespace, path, labels, _map(template.get("spec")), replicas)
    elif kind == "Pod":
        yield "pods", _pods(kind, name, namespace, path, _strings(meta.get("labels")), spec, None)
    elif kind == "Service":
        ports = tuple(
            (str(port.get("port", "")), str(port.get("targetPort", port.get("port", ""))), str(port.get("name", "")))
            for port in _maps(spec.get("ports"))
        )
        yield "services", Service(name, namespace, path, _strings(spec.get("selector")), ports)
    elif kind == "Ingress":
        rules = [_map(spec.get("defaultBackend"))]
        rules += [
            _map(entry.get("backend"))
            for rule in _maps(spec.get("rules"))
            for entry in _maps(_map(rule.get("http")).get("paths"))
        ]
        for backend in rules:
            service = _map(backend.get("service"))
            if service.get("name"):
                port = _map(service.get("port"))
                number = str(port.get("number", port.get("name", "")))
                yield "backends", Backend(name, namespace, path, str(service["name"]), number)
    elif kind == "HorizontalPodAutoscaler":
        resources = [str(_map(metric.get("resource")).get("name", "")) for metric in _maps(spec.get("metrics"))]
        if "targetCPUUtilizationPercentage" in spec:
            resources.append("cpu")
        target = str(_map(spec.get("scaleTargetRef")).get("name", ""))
        yield "scalers", Scaler(name, namespace, path, target, tuple(one for one in resources if one))
    else:
        yield from _of_the_cluster(kind, name, namespace, path, one)


def _of_the_cluster(
    kind: str, name: str, namespace: str, path: str, one: Mapping[str, Any]
) -> Iterator[tuple[str, Any]]:
    if kind == "Node":
        status = _map(one.get("status"))
        yield (
            "nodes",
            Node(name, path, _strings(_map(one.get("metadata")).get("labels")), _strings(status.get("allocatable"))),
        )
    elif kind == "NetworkPolicy":
        yield "policies", _policy(name, namespace, path, _map(one.get("spec")))
    elif kind in {"ConfigMap", "Secret"}:
        keys = {str(key) for part in ("data", "stringData", "binaryData") for key in _map(one.get(part))}
        yield "settings", Settings(kind, name, namespace, path, frozenset(keys))


def _policy(name: str, namespace: str, path: str, spec: Mapping[str, Any]) -> Policy:
    peers = [peer for entry in _maps(spec.get("ingress")) for peer in (_maps(entry.get("from")) or [{}])]
    own = [_map(peer.get("podSelector")) for peer in peers]
    told = all(
        set(peer) == {"podSelector"} and set(one) == {"matchLabels"} for peer, one in zip(peers, own, strict=True)
    )
    allowed = tuple(_strings(one["matchLabels"]) for one in own) if told else None
    types = [str(one) for one in _list(spec.get("policyTypes"))]
    selector = _map(spec.get("podSelector"))
    ingress = ("Ingress" in types or not types) and set(selector) <= {"matchLabels"}
    return Policy(name, namespace, path, _strings(selector.get("matchLabels")), ingress, allowed)


def _pods(
    kind: str, name: str, namespace: str, path: str, labels: Mapping[str, str], spec: Mapping[str, Any], replicas: Any
) -> Pods:
    containers = tuple(_container(entry) for entry in _maps(spec.get("containers")))
    count = replicas if isinstance(replicas, int) else None
    return Pods(kind, name, namespace, path, labels, containers, _strings(spec.get("nodeSelector")), count)


def _container(entry: Mapping[str, Any]) -> PodContainer:
    ports = {str(port.get("containerPort", "")): str(port.get("name", "")) for port in _maps(entry.get("ports"))}
    probes = []
    for which in ("liveness", "readiness", "startup"):
        probe = _map(entry.get(f"{which}Probe"))
        asked = [_map(probe.get(how)) for how in ("httpGet", "tcpSocket", "grpc")]
        probes += [Probe(which, str(one["port"]), str(one.get("path", ""))) for one in asked if "port" in one]
    references = []
    for variable in _maps(entry.get("env")):
        source = _map(variable.get("valueFrom"))
        for key, kind in (("configMapKeyRef", "ConfigMap"), ("secretKeyRef", "Secret")):
            ref = _map(source.get(key))
            if ref.get("name") and not ref.get("optional"):
                references.append(Reference(kind, str(ref["name"]), str(ref.get("key", ""))))
    for variable in _maps(entry.get("envFrom")):
        for key, kind in (("configMapRef", "ConfigMap"), ("secretRef", "Secret")):
            ref = _map(variable.get(key))
            if ref.get("name") and not ref.get("optional"):
                references.append(Reference(kind, str(ref["name"])))
    resources = _map(entry.get("resources"))
    return PodContainer(
        str(entry.get("name", "")),
        ports,
        tuple(probes),
        _strings(resources.get("requests")),
        _strings(resources.get("limits")),
        tuple(references),
    )


def _map(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _maps(value: object) -> list[Mapping[str, Any]]:
    return [one for one in _list(value) if isinstance(one, dict)]


def _strings(value: object) -> Mapping[str, str]:
    return {str(key): str(one) for key, one in _map(value).items()}
