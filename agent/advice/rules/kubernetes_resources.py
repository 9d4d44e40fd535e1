"""A container that may take its node's memory, or that the scheduler knows nothing of."""

from collections.abc import Iterator

from agent.advice.material import Material
from agent.domain.suggestion import Priority, Suggestion


def kubernetes_resources(material: Material) -> Iterator[Suggestion]:
    """Containers without a memory limit, or without requests for CPU and memory (a limit gives the request)."""
    for workload in material.workloads:
        for container in workload.containers:
            shown = (material.shown(workload.manifest.path, (container.at("resources") or container).line),)
            subject = f"{workload.title} {container.text('name')}"
            if not container.text("resources", "limits", "memory"):
                yield Suggestion(
                    rule="kubernetes-memory-limit",
                    priority=Priority.HIGH if workload.is_serving else Priority.MEDIUM,
                    subject=subject,
                    title=f"{workload.title}: container {container.text('name')} has no memory limit",
                    why="a leak takes the node's memory, and pods of others are evicted for it",
                    fix="resources.limits.memory: what it needs under load and a quarter more",
                    evidence=shown,
                )
            missing = [
                what
                for what in ("cpu", "memory")
                if not container.text("resources", "requests", what) and not container.text("resources", "limits", what)
            ]
            if missing:
                yield Suggestion(
                    rule="kubernetes-requests",
                    priority=Priority.MEDIUM,
                    subject=subject,
                    title=f"{subject} requests no {' and no '.join(missing)}",
                    why="the scheduler packs nodes too full, and an autoscaler has nothing to reckon with",
                    fix="resources.requests: what it uses on an ordinary day",
                    evidence=shown,
                )
