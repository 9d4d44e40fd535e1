"""The pods of a Deployment or another owner, as its selector names them."""

from collections.abc import Mapping
from typing import Any

from blissful_infra.delivery.kubernetes.cluster import Cluster

HASH = "pod-template-hash"
REVISION = "deployment.kubernetes.io/revision"


def selector_of(owner: Mapping[str, Any]) -> str:
    """The owner's selector, as a query.

    >>> selector_of({"spec": {"selector": {"matchLabels": {"a": "1", "b": "2"}}}})
    'a=1,b=2'
    """
    labels = (((owner.get("spec") or {}).get("selector") or {}).get("matchLabels")) or {}
    return ",".join(f"{key}={value}" for key, value in labels.items())


def pods_of(cluster: Cluster, owner: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Every pod of an owner."""
    selector = selector_of(owner)
    return cluster.items(f"/api/v1/namespaces/{cluster.namespace}/pods", labelSelector=selector) if selector else []


def newest_pods(cluster: Cluster, deployment: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The pods of a Deployment's newest ReplicaSet."""
    revision = ((deployment.get("metadata") or {}).get("annotations") or {}).get(REVISION)
    selector = selector_of(deployment)
    for each in cluster.items(f"/apis/apps/v1/namespaces/{cluster.namespace}/replicasets", labelSelector=selector):
        if (each["metadata"].get("annotations") or {}).get(REVISION) == revision:
            chosen = f"{selector},{HASH}={each['metadata']['labels'].get(HASH)}"
            return cluster.items(f"/api/v1/namespaces/{cluster.namespace}/pods", labelSelector=chosen)
    return []
