"""A plan as the fact that a playbook keeps between its tasks: plain, without Secrets. Pure."""

import dataclasses
from typing import Any

from blissful_infra.delivery.planning import Plan


def facts_of(plan: Plan, began: float, run_id: str) -> dict[str, Any]:
    """The plan as plain mappings; `began` in epoch seconds."""
    return {
        "environment": plan.environment,
        "cluster": plan.cluster,
        "namespace": plan.namespace,
        "number": plan.number,
        "image": plan.image,
        "revision": plan.revision,
        "before": plan.before.number if plan.before else None,
        "restores": plan.restores,
        "migrations": dict(plan.migrations),
        "manifests": list(plan.manifests),
        "phases": {key: list(value) for key, value in dataclasses.asdict(plan.phases).items()},
        "leftovers": [] if plan.gitops else list(plan.leftovers),  # Argo CD removes them
        "gitops": plan.change and dataclasses.asdict(plan.change),
        "sealed": plan.sealed and dataclasses.asdict(plan.sealed),  # as it lies in the repository: encrypted
        "began": began,
        "run_id": run_id,
    }
