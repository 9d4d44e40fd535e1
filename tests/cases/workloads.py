"""Manifests in short: what most recorded services have in common, so that a fault's file shows what is different."""

from collections.abc import Mapping
from typing import Any

from tests.cluster.registry import NAME

Manifest = dict[str, Any]


def container_of(name: str, plan: Mapping[str, Any]) -> Manifest:
    """The one container of a workload: probes, requests and limits as a careful team would set them."""
    variables = {"APP_NAME": name, **plan.get("env", {})}
    container: Manifest = {
        "name": name,
        "image": plan["image"] if ":5000/" in plan["image"] else f"{NAME}/{plan['image']}",
        "env": [{"name": key, "value": str(value)} for key, value in variables.items()],
        "resources": {"requests": {"cpu": "10m", "memory": "16Mi"}, "limits": {"cpu": "250m", "memory": "64Mi"}},
    }
    if "args" in plan:
        container["args"] = plan["args"]
    else:
        container["ports"] = [{"name": "http", "containerPort": 8080}]
        container["readinessProbe"] = {"httpGet": {"path": "/ready", "port": "http"}, "periodSeconds": 2}
        container["livenessProbe"] = {"httpGet": {"path": "/health", "port": "http"}, "periodSeconds": 5}
    return merged(container, plan.get("container", {}))


def objects_of(plan: Mapping[str, Any]) -> list[Manifest]:
    """The Deployment and Service (or the Job) of `service:` (or `job:`) in a step."""
    name = plan["name"]
    labels = {"app": name}
    pod = merged({"containers": [container_of(name, plan)]}, plan.get("pod", {}))
    if "args" in plan:
        job = {
            "backoffLimit": 2,
            "template": {"metadata": {"labels": labels}, "spec": {"restartPolicy": "Never", **pod}},
        }
        return [
            {
                "apiVersion": "batch/v1",
                "kind": "Job",
                "metadata": {"name": name},
                "spec": merged(job, plan.get("spec", {})),
            }
        ]
    deployment = {
        "replicas": 1,
        "selector": {"matchLabels": labels},
        "template": {"metadata": {"labels": labels}, "spec": pod},
    }
    service = {"selector": labels, "ports": [{"name": "http", "port": 80, "targetPort": "http"}]}
    return [
        {
            "apiVersion": "apps/v1",
            "kind": "Deployment",
            "metadata": {"name": name, "labels": labels},
            "spec": merged(deployment, plan.get("spec", {})),
        },
        {
            "apiVersion": "v1",
            "kind": "Service",
            "metadata": {"name": name},
            "spec": merged(service, plan.get("expose", {})),
        },
    ]


def merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> Manifest:
    """`base` with the keys of `over`, mappings merged, `null` taking a key away."""
    result = dict(base)
    for key, value in over.items():
        if value is None:
            result.pop(key, None)
        elif isinstance(value, Mapping) and isinstance(result.get(key), Mapping):
            result[key] = merged(result[key], value)
        else:
            result[key] = value
    return result
