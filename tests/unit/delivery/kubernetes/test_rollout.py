"""A rollout judged: done, going on, or beyond waiting."""

from datetime import UTC, datetime
from typing import Any

import pytest

from blissful_infra.delivery.kubernetes.rollout import job_progress, progress_of, stuck_since_before


def a_deployment(**status: Any) -> dict[str, Any]:
    return {"metadata": {"generation": 2}, "spec": {"replicas": 2}, "status": {"observedGeneration": 2, **status}}


def a_pod(**container: Any) -> dict[str, Any]:
    return {"metadata": {"name": "app-1"}, "status": {"containerStatuses": [{"name": "app", **container}]}}


@pytest.mark.parametrize(
    ("status", "detail"),
    [
        ({"observedGeneration": 1}, "has not seen it"),
        ({"updatedReplicas": 1, "replicas": 3}, "1 of 2 new pods started"),
        ({"updatedReplicas": 2, "replicas": 3, "availableReplicas": 2}, "1 old pods still stop"),
        ({"updatedReplicas": 2, "replicas": 2, "availableReplicas": 1}, "1 of 2 new pods ready"),
    ],
)
def test_a_rollout_goes_on_and_says_what_it_waits_for(status: dict[str, Any], detail: str) -> None:
    progress = progress_of(a_deployment(**status), [a_pod(state={"waiting": {"reason": "ContainerCreating"}})])
    assert (progress.done, progress.failed) == (False, False)
    assert detail in progress.detail


def test_a_rollout_is_done_when_every_new_pod_serves_and_no_old_one_is_left() -> None:
    assert progress_of(a_deployment(updatedReplicas=2, replicas=2, availableReplicas=2), []).done
    nothing = a_deployment() | {"spec": {"replicas": 0}}
    assert progress_of(nothing, []).done


@pytest.mark.parametrize(
    ("container", "words"),
    [
        ({"state": {"waiting": {"reason": "ImagePullBackOff", "message": "not found"}}}, "ImagePullBackOff: not found"),
        ({"state": {"waiting": {"reason": "CreateContainerConfigError", "message": "no ConfigMap"}}}, "no ConfigMap"),
        ({"restartCount": 2, "lastState": {"terminated": {"exitCode": 3}}}, "ended with 3, 2 times"),
        (
            {"restartCount": 3, "lastState": {"terminated": {"reason": "OOMKilled", "exitCode": 137}}},
            "ran out of memory",
        ),
    ],
)
def test_a_pod_that_no_waiting_mends_fails_the_rollout(container: dict[str, Any], words: str) -> None:
    progress = progress_of(a_deployment(), [a_pod(**container)])
    assert progress.failed
    assert words in progress.detail


def test_a_single_crash_is_no_failure_yet() -> None:
    assert not progress_of(a_deployment(), [a_pod(restartCount=1, lastState={"terminated": {"exitCode": 1}})]).failed


@pytest.mark.parametrize(
    "condition",
    [
        {"type": "ReplicaFailure", "status": "True", "reason": "FailedCreate", "message": "exceeded quota"},
        {"type": "Progressing", "status": "False", "reason": "ProgressDeadlineExceeded", "message": "slow"},
    ],
)
def test_what_the_cluster_calls_failed_is(condition: dict[str, str]) -> None:
    assert progress_of(a_deployment(conditions=[condition]), []).failed


def test_a_job_is_done_failed_or_goes_on() -> None:
    def job(kind: str) -> dict[str, Any]:
        return {"status": {"conditions": [{"type": kind, "status": "True", "message": "why"}]}}

    assert job_progress(job("Complete")).done
    assert job_progress(job("Failed")).failed
    assert not job_progress({}).done
    assert not job_progress({}).failed


def test_restarts_of_a_pod_that_is_ready_are_of_the_past() -> None:
    pod = a_pod(restartCount=7, ready=True, lastState={"terminated": {"exitCode": 3}})
    assert progress_of(a_deployment(updatedReplicas=2, replicas=2, availableReplicas=2), [pod]).done


def test_only_pods_that_hang_since_before_begin_anew() -> None:
    hangs = {"state": {"waiting": {"reason": "ImagePullBackOff"}}}
    tries, begins = ({"state": {"waiting": {"reason": reason}}} for reason in ("ErrImagePull", "ContainerCreating"))
    pods = [a_pod(**hangs), a_pod(**tries), a_pod(**hangs), a_pod(**begins), a_pod(ready=True)]
    named = (("old", "09"), ("tries", "09"), ("new", "11"), ("begins", "09"), ("well", "09"))
    for pod, (name, made) in zip(pods, named, strict=True):
        pod["metadata"] = {"name": name, "creationTimestamp": f"2026-01-01T{made}:00:00Z"}
    began = datetime(2026, 1, 1, 10, tzinfo=UTC).timestamp()
    assert stuck_since_before(pods, began) == ("old", "tries")
