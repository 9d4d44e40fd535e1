"""A workload that loses requests at every rollout."""

from collections.abc import Iterator

from agent.advice.material import Material
from agent.domain.suggestion import Priority, Suggestion

_SHORTEST_S = 10


def kubernetes_shutdown(material: Material) -> Iterator[Suggestion]:
    """Serving pods with too short a grace period, or without a pause before they stop."""
    for workload in material.workloads:
        if not workload.is_serving:
            continue
        grace = workload.pod.text("terminationGracePeriodSeconds")
        if grace.isdecimal() and int(grace) < _SHORTEST_S:
            yield Suggestion(
                rule="kubernetes-grace-period",
                priority=Priority.MEDIUM,
                subject=workload.title,
                title=f"{workload.title} is killed {grace} s after it is told to stop",
                why="requests under way are cut off at every rollout",
                fix="terminationGracePeriodSeconds: longer than the longest request and the pause before it",
                evidence=(
                    material.shown(
                        workload.manifest.path, (workload.pod.at("terminationGracePeriodSeconds") or workload.pod).line
                    ),
                ),
            )
        for container in workload.containers:
            if (
                workload.manifest.kind == "Deployment"
                and container.listed("ports")
                and not container.at("lifecycle", "preStop")
            ):
                yield Suggestion(
                    rule="kubernetes-pre-stop",
                    priority=Priority.LOW,
                    subject=f"{workload.title} {container.text('name')}",
                    title=f"{workload.title}: container {container.text('name')} stops at once",
                    why="proxies learn of it a second later, and send it requests until then",
                    fix="lifecycle: {preStop: {sleep: {seconds: 5}}}",
                    evidence=(material.shown(workload.manifest.path, container.line),),
                )
