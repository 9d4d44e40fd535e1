"""A pod with more rights than a program needs."""

from collections.abc import Iterator

from agent.advice.material import Material
from agent.advice.workloads import Workload
from agent.advice.yaml_nodes import Node
from agent.domain.suggestion import Priority, Suggestion


def kubernetes_security(material: Material) -> Iterator[Suggestion]:
    """Privileged pods and those in the node's namespaces are urgent; then those that may run as root or gain rights."""
    for workload in material.workloads:
        for priority, what, fix, node in _rights(workload):
            yield Suggestion(
                rule="kubernetes-security-context",
                priority=priority,
                subject=f"{workload.title} {what}",
                title=f"{workload.title}: {what}",
                why="a break-in gets the node"
                if priority is Priority.HIGH
                else "a break-in gets more than the program has",
                fix=fix,
                evidence=(material.shown(workload.manifest.path, node.line),),
            )


def _rights(workload: Workload) -> Iterator[tuple[Priority, str, str, Node]]:
    pod = workload.pod
    for key in ("hostNetwork", "hostPID", "hostIPC"):
        if pod.text(key) == "true":
            yield Priority.HIGH, f"{key} is on", f"leave {key} out", pod.at(key) or pod
    for container in workload.containers:
        name = container.text("name")
        context = container.at("securityContext")
        if container.text("securityContext", "privileged") == "true":
            yield Priority.HIGH, f"container {name} is privileged", "privileged: false", context or container
        if "true" not in {
            container.text("securityContext", "runAsNonRoot"),
            pod.text("securityContext", "runAsNonRoot"),
        }:
            fix = "securityContext: {runAsNonRoot: true, runAsUser: 10001}"
            yield Priority.MEDIUM, f"container {name} may run as root", fix, context or container
        if container.text("securityContext", "allowPrivilegeEscalation") != "false":
            fix = "securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}"
            yield Priority.MEDIUM, f"container {name} may gain rights", fix, context or container
