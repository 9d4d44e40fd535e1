"""A workload of one pod: every deploy, crash and node upgrade is an outage."""

from collections.abc import Iterator

from agent.advice.material import PROJECT_FILE, Material
from agent.domain.suggestion import Priority, Suggestion

_WHY = "one pod: every deploy, crash and drained node is an outage"


def kubernetes_replicas(material: Material) -> Iterator[Suggestion]:
    """Deployments that say one replica with nothing that says more, and environments that ask for one in production."""
    for workload in material.workloads:
        manifest = workload.manifest
        replicas = manifest.node.at("spec", "replicas")
        if (
            manifest.kind == "Deployment"
            and replicas
            and replicas.value == "1"
            and not _raised(material, manifest.name)
        ):
            yield Suggestion(
                rule="kubernetes-replicas",
                priority=Priority.MEDIUM,
                subject=workload.title,
                title=f"{workload.title} runs one pod",
                why=_WHY,
                fix="spec.replicas: 2 or more, or a HorizontalPodAutoscaler with minReplicas: 2",
                evidence=(material.shown(manifest.path, replicas.line),),
            )
    for name, environment in material.project.node.items("environments") if material.project else ():
        if name.startswith("prod") and environment.text("replicas") == "1":
            yield Suggestion(
                rule="kubernetes-replicas",
                priority=Priority.MEDIUM,
                subject=name,
                title=f"the environment {name} runs one pod",
                why=_WHY,
                fix=f"environments.{name}.replicas: 2",
                evidence=(material.shown(PROJECT_FILE, (environment.at("replicas") or environment).line),),
            )


def _raised(material: Material, name: str) -> bool:
    """Whether an autoscaler or an overlay decides the number of pods."""
    return any(
        (one.kind == "HorizontalPodAutoscaler" and one.node.text("spec", "scaleTargetRef", "name") == name)
        or (one.kind == "Kustomization" and any(entry.text("name") == name for entry in one.node.listed("replicas")))
        for one in material.manifests
    )
