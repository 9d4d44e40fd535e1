"""Kubernetes, Argo CD and Chaos Mesh, from recorded outputs of kubectl."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from agent.collectors.bundle import investigation_of
from agent.collectors.evidence.argocd import ArgoApplications
from agent.collectors.evidence.chaos_mesh import ChaosExperiments
from agent.collectors.evidence.kubectl import Kubectl
from agent.collectors.evidence.kubernetes import KubernetesObjects
from agent.diagnosing import diagnosis_of, shipped_calibration
from agent.domain import Bound, CollectedStatus, Window
from agent.domain.gathered import Gathered
from agent.domain.investigation import Document
from tests.engines.kubectl import a_kubectl, a_list, a_pod

NOW = datetime.now(UTC).replace(microsecond=0)
WINDOW = Window(NOW - timedelta(hours=1), NOW)
RECENT = (NOW - timedelta(minutes=10)).strftime("%Y-%m-%dT%H:%M:%SZ")
OLD = "2020-01-01T00:00:00Z"
TABLE = (
    "NAME      READY   STATUS             RESTARTS      AGE\nweb-1     0/1     CrashLoopBackOff   4 (10s ago)   5m\n"
)


def an_event(at: str, reason: str, message: str) -> dict[str, object]:
    return {
        "metadata": {"name": reason},
        "type": "Warning",
        "reason": reason,
        "message": message,
        "lastTimestamp": at,
        "count": 3,
        "involvedObject": {"kind": "Pod", "name": "web-1"},
    }


RECORDED = {
    "get pods --output=json": a_list(
        a_pod("db-0"), a_pod("web-1", ready=False, restarts=4, containers=("web", "proxy"))
    ),
    "get events --output=json": a_list(
        an_event(RECENT, "BackOff", "Back-off restarting failed container"), an_event(OLD, "Killing", "old")
    ),
    "get pods --output=wide": TABLE,
    "describe pods web-1 db-0": "Name:         web-1\nStatus:       Running\n",
    "get ingresses --output=wide": "No resources found in shop namespace.\n",
    "logs web-1 --container=web": f"{RECENT} fine so far\n",
    "logs web-1 --container=web --previous": f"{RECENT} FATAL: no space left on device\n",
    "logs web-1 --container=proxy": "",
}


def gathered(folder: Path, recorded: dict[str, str], window: Window = WINDOW) -> Gathered:
    kubectl = Kubectl("here", "shop", command=a_kubectl(folder, recorded))
    return KubernetesObjects(kubectl, lambda: NOW).gather(window, Bound())


def texts_of(found: Gathered) -> dict[str, str]:
    return {document.path: document.text for document in found.documents}


def test_a_namespace_becomes_the_files_of_a_bundle(tmp_path: Path) -> None:
    found = gathered(tmp_path, RECORDED)
    texts = texts_of(found)
    assert texts["kubernetes/get-pods.txt"] == TABLE
    assert texts["kubernetes/describe-pods.txt"].startswith("Name:         web-1")
    assert texts["kubernetes/events.txt"] == (
        f"{RECENT}   Warning   BackOff   pod/web-1   (x3)   Back-off restarting failed container\n"
    )
    assert texts["logs/web-1.log"] == "fine so far\n"
    assert texts["logs/web-1.previous.log"] == "FATAL: no space left on device\n"
    assert found.detail.startswith("2 pods, 1 not well, 1 events, 2 log lines; ")
    assert "get-services: the server doesn't have a resource type" in found.detail
    assert not any("ingresses" in path for path in texts)


def test_what_was_gathered_leads_to_the_cause(tmp_path: Path) -> None:
    header = Document("bundle.yaml", "version: 1\ntitle: web does not start\nalert: web does not start\n")
    read = investigation_of((header, *gathered(tmp_path, RECORDED).documents))
    first = diagnosis_of(read, shipped_calibration()).findings[0].claim
    assert (first.subject, first.category) == ("web-1", "disk-full")


def test_objects_are_left_out_for_a_window_that_ended_before(tmp_path: Path) -> None:
    past = Window(NOW - timedelta(hours=1), NOW - timedelta(minutes=5))
    assert set(texts_of(gathered(tmp_path, RECORDED, past))) == {
        "kubernetes/events.txt",
        "logs/web-1.log",
        "logs/web-1.previous.log",
    }


def test_a_cluster_that_does_not_answer_is_unavailable(tmp_path: Path) -> None:
    found = gathered(tmp_path, {})
    assert found.status is CollectedStatus.UNAVAILABLE
    kubectl = Kubectl("here", "shop", command=str(tmp_path / "none"))
    assert "kubectl cannot be run" in KubernetesObjects(kubectl, lambda: NOW).gather(WINDOW, Bound()).detail


def test_torn_json_is_a_reason(tmp_path: Path) -> None:
    found = gathered(tmp_path, {"get pods --output=json": '{"items": [{'})
    assert (found.status, "no whole JSON" in found.detail) == (CollectedStatus.UNAVAILABLE, True)


def test_clusters_without_argo_or_chaos_mesh_are_empty_not_unavailable(tmp_path: Path) -> None:
    kubectl = Kubectl("here", "shop", command=a_kubectl(tmp_path, {}))
    for source in (ArgoApplications(kubectl, lambda: NOW), ChaosExperiments(kubectl)):
        found = source.gather(WINDOW, Bound())
        assert (found.status, "the cluster has no" in found.detail) == (CollectedStatus.EMPTY, True)


def test_an_application_tells_what_argo_says_of_it(tmp_path: Path) -> None:
    application = {
        "metadata": {"name": "shop"},
        "spec": {"destination": {"namespace": "shop"}},
        "status": {
            "sync": {"status": "OutOfSync", "revision": "abc1234"},
            "health": {"status": "Degraded"},
            "operationState": {"phase": "Failed", "finishedAt": RECENT, "message": "one or more\nobjects failed"},
            "conditions": [{"type": "SyncError", "message": "Failed sync attempt", "lastTransitionTime": RECENT}],
            "resources": [
                {"kind": "Deployment", "name": "web", "status": "Synced", "health": {"status": "Degraded"}},
                {"kind": "Service", "name": "web", "status": "Synced", "health": {"status": "Healthy"}},
            ],
            "history": [{"deployedAt": RECENT, "revision": "abc1234"}, {"deployedAt": OLD, "revision": "old"}],
        },
    }
    other = {"metadata": {"name": "x"}, "spec": {"destination": {"namespace": "other"}}, "status": {}}
    asked = "get applications.argoproj.io --all-namespaces --output=json"
    kubectl = Kubectl("here", "shop", command=a_kubectl(tmp_path, {asked: a_list(application, other)}))
    found = ArgoApplications(kubectl, lambda: NOW).gather(WINDOW, Bound())
    assert texts_of(found)["kubernetes/argocd-shop.txt"].splitlines() == [
        "application shop: sync OutOfSync at revision abc1234, health Degraded",
        f"{RECENT} operation Failed: one or more objects failed",
        f"{RECENT} condition SyncError: Failed sync attempt",
        "resource Deployment/web is Degraded",
    ]
    header = Document("bundle.yaml", "version: 1\ntitle: t\nalert: a\n")
    read = investigation_of((header, *found.documents))
    assert [(deploy.service, deploy.sha) for deploy in read.deploys] == [("shop", "abc1234")]
    assert read.gaps == ()
    assert found.detail == "1 of 2 applications deploy here, 1 syncs in range"
