"""Pods that everything in the cluster can reach."""

from collections.abc import Iterator

from agent.advice.material import Material
from agent.advice.workloads import selects
from agent.domain.suggestion import Priority, Suggestion


def kubernetes_network_policy(material: Material) -> Iterator[Suggestion]:
    """Workloads that run all the time and that no NetworkPolicy selects."""
    policies = [one.node.at("spec", "podSelector") for one in material.manifests if one.kind == "NetworkPolicy"]
    for workload in material.workloads:
        if workload.is_serving and not any(selects(policy, workload) for policy in policies):
            yield Suggestion(
                rule="kubernetes-network-policy",
                priority=Priority.MEDIUM,
                subject=workload.title,
                title=f"no NetworkPolicy covers {workload.title}",
                why="every pod of the cluster can connect to it, and it can connect to everything",
                fix="a NetworkPolicy for its labels: the ports it serves, and what it needs to reach",
                evidence=(material.shown(workload.manifest.path, workload.line),),
            )
