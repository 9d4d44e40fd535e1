"""A service, or an ingress, that leads nowhere: its selector, port or backend as the project's own objects have it."""

import difflib
from collections.abc import Iterator

from yaml.nodes import Node

from agent.domain.claim import Claim
from agent.domain.fix import Fix
from agent.fixes.containers import manifests_of, name_of, workloads_of
from agent.fixes.drafting import Draft
from agent.fixes.project import Project
from agent.fixes.telling import subject_name
from agent.fixes.yaml_nodes import child, entries, items, replacing, scalar

_CLOSE = 0.6


def mend_service(cause: Claim, project: Project) -> Iterator[Fix]:
    """The selector that matches the pods' labels, the port that they listen on, or the service that exists."""
    if cause.category in {"service-selector", "port-mismatch"}:
        services = [found for found in manifests_of(project) if found[2] == "Service"]
        named = [found for found in services if name_of(found[1]).lower() == subject_name(cause)]
        for path, service, _ in named or (services if len(services) == 1 else []):
            workload = _behind(service, project)
            if workload is not None:
                fixes = (_selector(path, service, workload, project), _port(path, service, workload, project))
                yield from (fix for fix in fixes if fix)
    elif cause.category == "ingress-backend" and (fix := _backend(project)):
        yield fix


def _behind(service: Node, project: Project) -> Node | None:
    """The workload whose pods the service must mean: most labels alike, then its name."""
    wanted = dict(_pairs(child(service, "spec", "selector")))

    def likeness(workload: Node) -> tuple[float, float]:
        labels = dict(_pairs(child(workload, "spec", "template", "metadata", "labels")))
        alike = sum(labels.get(key) == value for key, value in wanted.items())
        return alike, difflib.SequenceMatcher(None, name_of(workload), name_of(service)).ratio()

    found = [workload for _, workload, kind in workloads_of(project) if kind != "Job"]
    best = max(found, key=likeness, default=None)
    return best if best is not None and max(likeness(best)) >= _CLOSE else None


def _pairs(node: Node | None) -> Iterator[tuple[str, str]]:
    return ((key, scalar(value)) for key, value in entries(node))


def _selector(path: str, service: Node, workload: Node, project: Project) -> Fix | None:
    labels = dict(_pairs(child(workload, "spec", "template", "metadata", "labels")))
    draft, told = Draft(project), []
    for key, node in entries(child(service, "spec", "selector")):
        if key in labels and labels[key] != scalar(node):
            if draft.edit(path, replacing(project.texts[path], node, labels[key])):
                told.append(f"{key}={labels[key]}")
        elif key not in labels:
            return None
    return draft.fix(
        "correct-selector",
        f"Let the service {name_of(service)} select {', '.join(told)}",
        f"Its selector matches no pod; the pods of {name_of(workload)} carry these labels.",
    )


def _port(path: str, service: Node, workload: Node, project: Project) -> Fix | None:
    containers = [*items(child(workload, "spec", "template", "spec", "containers"))]
    ports = [port for container in containers for port in items(child(container, "ports"))]
    known = {scalar(child(port, key)) for port in ports for key in ("containerPort", "name")} - {""}
    if len(ports) != 1:
        return None
    draft, told = Draft(project), ""
    for port in items(child(service, "spec", "ports")):
        node = child(port, "targetPort") or child(port, "port")
        right = scalar(child(ports[0], "containerPort"))
        if node is None or scalar(node) in known or not right or child(port, "targetPort") is None:
            continue
        if draft.edit(path, replacing(project.texts[path], node, right)):
            told = f"{scalar(node)} to {right}"
    return draft.fix(
        "correct-target-port",
        f"Send the traffic of {name_of(service)} on from target port {told}",
        f"The pods of {name_of(workload)} do not listen on the target port; they declare this one.",
    )


def _backend(project: Project) -> Fix | None:
    services = {name_of(service): service for _, service, kind in manifests_of(project) if kind == "Service"}
    draft, told = Draft(project), ""
    for path, ingress, kind in manifests_of(project):
        if kind != "Ingress":
            continue
        paths = (one for rule in items(child(ingress, "spec", "rules")) for one in items(child(rule, "http", "paths")))
        backends = [child(one, "backend", "service") for one in paths]
        for backend in (child(ingress, "spec", "defaultBackend", "service"), *backends):
            node = child(backend, "name")
            if node is None or scalar(node) in services:
                continue
            close = difflib.get_close_matches(scalar(node), list(services), n=1, cutoff=_CLOSE)
            meant = close or (list(services) if len(services) == 1 else [])
            if meant and draft.edit(path, replacing(project.texts[path], node, meant[0])):
                told = f"{meant[0]} in place of {scalar(node)}"
    return draft.fix(
        "correct-ingress-backend",
        f"Lead the ingress to the service {told}",
        "The service it names does not exist among the project's objects; this one does.",
    )
