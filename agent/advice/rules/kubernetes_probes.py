"""A workload that gets requests before it can answer, or hangs without being restarted."""

from collections.abc import Iterator

from agent.advice.material import Material
from agent.domain.suggestion import Priority, Suggestion


def kubernetes_probes(material: Material) -> Iterator[Suggestion]:
    """Containers with ports, of workloads that run all the time, without a readiness or a liveness probe."""
    for workload in material.workloads:
        for container in workload.containers if workload.is_serving else ():
            name = container.text("name")
            for probe, path, priority, why in (
                (
                    "readinessProbe",
                    "/ready",
                    Priority.HIGH,
                    "every rollout sends requests to pods that cannot answer yet",
                ),
                ("livenessProbe", "/health", Priority.MEDIUM, "a pod that hangs stays so until somebody notices"),
            ):
                if container.listed("ports") and not container.at(probe):
                    yield Suggestion(
                        rule=f"kubernetes-{probe.removesuffix('Probe')}-probe",
                        priority=priority,
                        subject=f"{workload.title} {name}",
                        title=f"{workload.title}: container {name} has no {probe}",
                        why=why,
                        fix=f"{probe}: httpGet of {path}, with period and time-out",
                        evidence=(material.shown(workload.manifest.path, container.line),),
                    )
