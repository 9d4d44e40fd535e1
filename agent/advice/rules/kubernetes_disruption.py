"""A workload whose pods may all go at once when nodes are drained."""

from collections.abc import Iterator

from agent.advice.material import Material
from agent.advice.workloads import selects
from agent.domain.suggestion import Priority, Suggestion


def kubernetes_disruption(material: Material) -> Iterator[Suggestion]:
    """Deployments and StatefulSets of more than one pod that no PodDisruptionBudget selects."""
    budgets = [one.node.at("spec", "selector") for one in material.manifests if one.kind == "PodDisruptionBudget"]
    for workload in material.workloads:
        manifest = workload.manifest
        if manifest.kind not in {"Deployment", "StatefulSet"} or manifest.node.text("spec", "replicas") == "1":
            continue
        if any(selects(budget, workload) for budget in budgets):
            continue
        yield Suggestion(
            rule="kubernetes-disruption-budget",
            priority=Priority.MEDIUM,
            subject=workload.title,
            title=f"{workload.title} has no PodDisruptionBudget",
            why="an upgrade of the cluster may drain all its pods at once",
            fix="a PodDisruptionBudget with maxUnavailable: 1 for its labels",
            evidence=(material.shown(workload.manifest.path, workload.line),),
        )
