"""Probes that fail though the service is well: a wrong path or port, too little time, or too early."""

import re
from collections.abc import Iterator

from yaml.nodes import MappingNode, Node

from agent.domain.claim import Claim
from agent.domain.fix import Fix
from agent.fixes.containers import DeclaredContainer, containers_for
from agent.fixes.drafting import Draft
from agent.fixes.project import Project
from agent.fixes.telling import words_of
from agent.fixes.yaml_nodes import child, entries, inserting, items, replacing, scalar

_NOT_THERE = re.compile(r"status ?code:? ?(?:404|405|401|403|301|302|308)")
_REFUSED = re.compile(
    r"connection refused|no route to host|unknown port|no such port|but the container listens on", re.I
)
_SLOW = re.compile(r"deadline exceeded|timed? ?out|Client\.Timeout|awaiting headers", re.I)
_DEFAULTS = {"timeoutSeconds": 1, "initialDelaySeconds": 0, "failureThreshold": 3}
_SECONDS = re.compile(r"(\d{1,4})s")


def mend_probe(cause: Claim, project: Project) -> Iterator[Fix]:
    """The path or port that the project itself declares, more time for an answer, or a later start."""
    if cause.category != "probe-failing":
        return
    words = words_of(cause)
    kind = next((kind for kind in ("liveness", "readiness", "startup") if kind in words.lower()), "")
    probes = [
        (container, name, probe)
        for container in containers_for(cause, project)
        for name in ("livenessProbe", "readinessProbe", "startupProbe", "healthcheck")
        if isinstance(probe := child(container.node, name), MappingNode)
        and (not kind or name in {f"{kind}Probe", "healthcheck"})
    ]
    fixes = [
        _path(probes, project) if _NOT_THERE.search(words) else None,
        _port(probes, project) if _REFUSED.search(words) else None,
        _timeout(probes, project) if _SLOW.search(words) else None,
        _delay(probes, project) if not _NOT_THERE.search(words) else None,
    ]
    yield from (fix for fix in fixes if fix)


_Probes = list[tuple[DeclaredContainer, str, MappingNode]]


def _path(probes: _Probes, project: Project) -> Fix | None:
    draft, told = Draft(project), ""
    for container, name, probe in probes:
        node = child(probe, "httpGet", "path")
        right = _known_path(scalar(node), name, container, project)
        if (
            node is not None
            and right
            and draft.edit(container.path, replacing(project.texts[container.path], node, right))
        ):
            told = f"from {scalar(node)} to {right}"
    return draft.fix(
        "correct-probe-path",
        f"Correct the path of the probe {told}",
        "The probe's path is not served; this one is what the project declares, or what a recent commit replaced.",
    )


def _known_path(now: str, name: str, container: DeclaredContainer, project: Project) -> str:
    for line in project.removed_lines(container.path):
        if (found := re.match(r"\s*(?:-\s*)?path:\s*[\"']?(/[\w./-]*)", line)) and found[1] != now:
            return found[1]
    for path, documents in project.yaml.items():
        if path.rsplit("/", 1)[-1] == "blissful-infra.yaml" and documents:
            for _, service in entries(child(documents[0], "services")):
                health = scalar(child(service, "health")) or "/health"
                right = "/ready" if name == "readinessProbe" and scalar(child(documents[0], "template")) else health
                return right if right != now else ""
    return ""


def _port(probes: _Probes, project: Project) -> Fix | None:
    draft, told = Draft(project), ""
    for container, _, probe in probes:
        node = child(probe, "httpGet", "port") or child(probe, "tcpSocket", "port")
        ports = [port for port in items(child(container.node, "ports")) if scalar(child(port, "containerPort"))]
        known = {scalar(child(port, key)) for port in ports for key in ("containerPort", "name")} - {""}
        if node is None or scalar(node) in known or len(ports) != 1:
            continue
        right = scalar(child(ports[0], "containerPort"))
        if draft.edit(container.path, replacing(project.texts[container.path], node, right)):
            told = f"from {scalar(node)} to {right}"
    return draft.fix(
        "correct-probe-port",
        f"Correct the port of the probe {told}",
        "The probe asks a port that the container does not declare; it declares this one only.",
    )


def _timeout(probes: _Probes, project: Project) -> Fix | None:
    draft, told = Draft(project), ""
    for container, name, probe in probes:
        key = "timeout" if name == "healthcheck" else "timeoutSeconds"
        told = _raised(draft, container, probe, key, project, least=3) or told
    return draft.fix(
        "raise-probe-timeout",
        f"Give the probe more time to be answered: {told}",
        "The probe was answered too late, not with an error.",
    )


def _delay(probes: _Probes, project: Project) -> Fix | None:
    draft, told = Draft(project), ""
    for container, name, probe in probes:
        key = {"startupProbe": "failureThreshold", "healthcheck": "start_period"}.get(name, "initialDelaySeconds")
        told = _raised(draft, container, probe, key, project, least=30) or told
    return draft.fix(
        "raise-probe-delay",
        f"Give the container more time to start: {told}",
        "The probe fails before the service listens; a slow start looks so.",
    )


def _raised(
    draft: Draft, container: DeclaredContainer, probe: MappingNode, key: str, project: Project, *, least: int
) -> str:
    """Twice the number, and at least `least`; what it was and is, or nothing where it cannot be changed."""
    text = project.texts[container.path]
    node: Node | None = child(probe, key)
    compose = key in {"timeout", "start_period"}
    now = _number(scalar(node), compose=compose) if node is not None else _DEFAULTS.get(key, 0)
    if now is None:
        return ""
    more = f"{max(least, 2 * now)}{'s' if compose else ''}"
    edit = inserting(text, probe, key, more, scalars=(more,)) if node is None else replacing(text, node, more)
    return f"{key} {more}, was {scalar(node) or now}" if draft.edit(container.path, edit) else ""


def _number(value: str, *, compose: bool) -> int | None:
    found = _SECONDS.fullmatch(value) if compose else re.fullmatch(r"(\d{1,5})", value)
    return int(found[1]) if found else None
