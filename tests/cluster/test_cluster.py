"""The test cluster is what its README says."""

import os
import subprocess
import urllib.error
import urllib.request
from pathlib import Path

import pytest
import yaml

from tests.cases.workloads import objects_of
from tests.cluster.kube import Kube, part
from tests.cluster.registry import NAME, push
from tests.missing import missing

pytestmark = [pytest.mark.needs_cluster, pytest.mark.timeout(240)]


@pytest.fixture(autouse=True)
def ours() -> None:
    if os.environ.get("BLISSFUL_TEST_CLUSTER") == "theirs":
        missing("these tests are about the cluster that tests/cluster starts")


def serve(kube: Kube, name: str, **plan: object) -> None:
    push(f"{NAME}/test/{name}:1")
    kube.apply(*objects_of({"name": name, "image": f"test/{name}:1", **plan}))
    kube.run("rollout", "status", f"deployment/{name}", "--timeout=90s")


def test_a_pod_runs_an_image_of_the_registry_and_another_finds_it_by_name(kube: Kube) -> None:
    serve(kube, "shop")
    serve(kube, "client", env={"CALL": f"http://shop.{kube.namespace}.svc.cluster.local/"})
    kube.until('"status":200', "logs", "deployment/client")


def test_a_claim_gets_a_volume_of_the_default_class(kube: Kube) -> None:
    claim = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Mi"}}}
    kube.apply({"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": "data"}, "spec": claim})
    kube.until("Bound", "get", "pvc", "data")


def test_an_out_of_memory_kill_is_reported_as_one(kube: Kube) -> None:
    push(f"{NAME}/test/hog:1")
    kube.apply(*objects_of({"name": "hog", "image": "test/hog:1", "env": {"LEAK_MB": 32}}))
    kube.until("OOMKilled", "describe", "pods")


def test_an_autoscaler_reads_metrics(kube: Kube) -> None:
    part("metrics", "BLISSFUL_TEST_METRICS")
    serve(kube, "busy")
    target = {"type": "Utilization", "averageUtilization": 50}
    kube.apply(
        {
            "apiVersion": "autoscaling/v2",
            "kind": "HorizontalPodAutoscaler",
            "metadata": {"name": "busy"},
            "spec": {
                "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "busy"},
                "maxReplicas": 3,
                "metrics": [{"type": "Resource", "resource": {"name": "cpu", "target": target}}],
            },
        }
    )
    kube.until("ValidMetricFound", "describe", "hpa", "busy", within=120)


def test_an_ingress_leads_to_its_service_and_shows_its_address(kube: Kube) -> None:
    address = part("ingress", "BLISSFUL_TEST_INGRESS")
    serve(kube, "web")
    host = f"web.{kube.namespace}.test"
    backend = {"service": {"name": "web", "port": {"number": 80}}}
    rule = {"host": host, "http": {"paths": [{"path": "/", "pathType": "Prefix", "backend": backend}]}}
    kube.apply(
        {
            "apiVersion": "networking.k8s.io/v1",
            "kind": "Ingress",
            "metadata": {"name": "web"},
            "spec": {"rules": [rule]},
        }
    )
    kube.until(address, "get", "ingress", "web")
    request = urllib.request.Request(f"http://{address}/", headers={"Host": host})
    with urllib.request.urlopen(request, timeout=10) as response:
        assert b"hello from web" in response.read()
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(urllib.request.Request(f"http://{address}/", headers={"Host": "x.test"}), timeout=10)


def repository(name: str, folder: Path) -> tuple[str, Path]:
    """An empty repository on the git server, and a clone of it."""
    root, url = Path(part("git", "BLISSFUL_TEST_GIT_ROOT")), f"{part('git', 'BLISSFUL_TEST_GIT')}/{name}.git"
    subprocess.run(["git", "init", "--quiet", "--bare", "--initial-branch=main", root / f"{name}.git"], check=True)
    subprocess.run(["git", "clone", "--quiet", url, folder / "work"], check=True, capture_output=True)
    return url, folder / "work"


def commit_and_push(folder: Path) -> None:
    for command in (
        ["add", "--all"],
        ["commit", "--quiet", "--message=one"],
        ["push", "--quiet", "origin", "HEAD:main"],
    ):
        subprocess.run(["git", *command], cwd=folder, check=True, capture_output=True)


def test_the_git_server_takes_a_push(kube: Kube, tmp_path: Path) -> None:
    url, folder = repository(kube.namespace, tmp_path)
    (folder / "README").write_text("hello\n")
    commit_and_push(folder)
    listed = subprocess.run(["git", "ls-remote", url, "main"], check=True, capture_output=True, text=True)
    assert listed.stdout.endswith("refs/heads/main\n")


def test_argo_cd_syncs_what_is_pushed(kube: Kube, tmp_path: Path) -> None:
    part("argocd", "ARGOCD_SERVER")
    name = kube.namespace
    url, folder = repository(name, tmp_path)
    push(f"{NAME}/test/synced:1")
    kube_objects = objects_of({"name": "synced", "image": "test/synced:1"})
    (folder / "deploy").mkdir()
    for at, each in enumerate(kube_objects):
        (folder / f"deploy/{at}.yaml").write_text(yaml.safe_dump(each))
    commit_and_push(folder)
    spec = {
        "project": "default",
        "source": {"repoURL": url, "targetRevision": "main", "path": "deploy"},
        "destination": {"server": "https://kubernetes.default.svc", "namespace": name},
        "syncPolicy": {"automated": {"selfHeal": True}},
    }
    argo = Kube("argocd")
    argo.apply({"apiVersion": "argoproj.io/v1alpha1", "kind": "Application", "metadata": {"name": name}, "spec": spec})
    try:
        state = "jsonpath={.status.sync.status} {.status.health.status}"
        argo.until("Synced Healthy", "get", "application", name, "--output", state, within=120)
        assert kube.get("deployment", "synced")["status"]["readyReplicas"] == 1
        listed = subprocess.run(
            ["argocd", "app", "list", "--output", "name"], check=True, capture_output=True, text=True
        )
        assert f"argocd/{name}" in listed.stdout
    finally:
        argo.run("delete", "application", name, "--wait=false", check=False)
