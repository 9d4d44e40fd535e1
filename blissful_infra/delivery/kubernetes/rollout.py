"""Whether a rollout is done, goes on or has failed, judged from the Deployment and its pods. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

GIVEN_UP = frozenset(
    {"ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull", "CreateContainerConfigError", "CreateContainerError"}
)
"""Reasons for which a container waits that no waiting mends."""
AT_FIRST = frozenset({"ContainerCreating", "PodInitializing"})
"""Reasons for which every container waits for a while."""
CRASHES = 2
"""So many restarts of a new pod are a failure, and no accident."""


@dataclass(frozen=True, slots=True)
class Progress:
    """`done`, or what is waited for; `failed` says that waiting is useless."""

    done: bool
    failed: bool
    detail: str


def progress_of(deployment: Mapping[str, Any], pods: Iterable[Mapping[str, Any]]) -> Progress:
    """How far the rollout of a Deployment is. `pods` are those of its newest ReplicaSet."""
    status, spec = deployment.get("status") or {}, deployment.get("spec") or {}
    wanted = 1 if spec.get("replicas") is None else int(spec["replicas"])
    if status.get("observedGeneration", 0) < (deployment.get("metadata") or {}).get("generation", 0):
        return Progress(done=False, failed=False, detail="the cluster has not seen it yet")
    if trouble := next(_troubles(deployment, pods), None):
        return Progress(done=False, failed=True, detail=trouble)
    updated, available = status.get("updatedReplicas", 0), status.get("availableReplicas", 0)
    if updated < wanted:
        return Progress(done=False, failed=False, detail=f"{updated} of {wanted} new pods started")
    if (old := status.get("replicas", 0) - updated) > 0:
        return Progress(done=False, failed=False, detail=f"{old} old pods still stop")
    if available < wanted:
        return Progress(done=False, failed=False, detail=f"{available} of {wanted} new pods ready")
    return Progress(done=True, failed=False, detail=f"{available} of {wanted} pods ready")


def job_progress(job: Mapping[str, Any]) -> Progress:
    """How far a Job is."""
    conditions = {
        each["type"]: each for each in (job.get("status") or {}).get("conditions") or () if each["status"] == "True"
    }
    if "Complete" in conditions:
        return Progress(done=True, failed=False, detail="done")
    if "Failed" in conditions:
        return Progress(done=False, failed=True, detail=str(conditions["Failed"].get("message") or "it failed"))
    return Progress(done=False, failed=False, detail="it runs")


def pod_trouble(pod: Mapping[str, Any]) -> str | None:
    """Why a pod will not come up by itself, or None."""
    name = (pod.get("metadata") or {}).get("name")
    status = pod.get("status") or {}
    for container in (*(status.get("initContainerStatuses") or ()), *(status.get("containerStatuses") or ())):
        waiting = (container.get("state") or {}).get("waiting") or {}
        ended = (container.get("lastState") or {}).get("terminated") or {}
        if waiting.get("reason") in GIVEN_UP:
            return f"pod {name}: {waiting['reason']}: {waiting.get('message') or 'no reason given'}"
        if container.get("restartCount", 0) >= CRASHES and ended and not container.get("ready"):
            why = "ran out of memory" if ended.get("reason") == "OOMKilled" else f"ended with {ended.get('exitCode')}"
            return f"pod {name}: its container {container.get('name')} {why}, {container['restartCount']} times"
    return None


def stuck_since_before(pods: Iterable[Mapping[str, Any]], began: float) -> tuple[str, ...]:
    """The pods that hang and were made before `began` (epoch seconds): they wait minutes before they try again."""
    found = [each["metadata"] for each in pods if pod_trouble(each) or _waits_in_vain(each)]
    made = {each["name"]: datetime.fromisoformat(each["creationTimestamp"]).timestamp() for each in found}
    return tuple(name for name, at in made.items() if at < began)


def _waits_in_vain(pod: Mapping[str, Any]) -> bool:
    waiting = [
        (each.get("state") or {}).get("waiting") or {}
        for each in (pod.get("status") or {}).get("containerStatuses") or ()
    ]
    return any(each.get("reason", "ContainerCreating") not in AT_FIRST for each in waiting)


def _troubles(deployment: Mapping[str, Any], pods: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    for pod in pods:
        if trouble := pod_trouble(pod):
            yield trouble
    for condition in (deployment.get("status") or {}).get("conditions") or ():
        if condition.get("type") == "ReplicaFailure" and condition.get("status") == "True":
            yield f"{condition.get('reason')}: {condition.get('message')}"
        if condition.get("type") == "Progressing" and condition.get("reason") == "ProgressDeadlineExceeded":
            yield f"it made no progress in time: {condition.get('message')}"
