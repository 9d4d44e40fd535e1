"""`argocd install` on a real cluster, through both doors: foreseen, applied, waited for, and refused when it differs.

What is installed is a small stand-in with a checksum of its own: the release's images cannot be pulled here.
"""

import hashlib
import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tests.cluster.kube import part
from tests.delivery.conftest import BIN, INSIDE, kubectl, needs_a_registry, program
from tests.engines import registry
from tests.schemas import check_against_schema
from tests.templates.rendering import ROOT

pytestmark = [pytest.mark.needs_cluster, pytest.mark.slow, pytest.mark.timeout(300)]

NAME = "installed-by-a-test"


@pytest.fixture
def manifests(tmp_path: Path) -> Iterator[Path]:
    needs_a_registry()
    part("argocd", "ARGOCD_SERVER")  # its namespace is there, and stays
    digest = registry.put_image(
        os.environ["BLISSFUL_TEST_REGISTRY"], f"{NAME}/app", ("1",), program=program(), variables={}
    )
    labels = {"app": NAME}
    container = {"name": "app", "image": f"{INSIDE}/{NAME}/app@{digest}"}
    pod = {"metadata": {"labels": labels}, "spec": {"containers": [container]}}
    deployment = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": NAME},
                  "spec": {"selector": {"matchLabels": labels}, "template": pod}}  # fmt: skip
    settings = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": NAME}, "data": {"a": "b"}}
    file = tmp_path / "install.yaml"
    file.write_text(yaml.safe_dump_all([deployment, settings]))
    yield file
    kubectl("-n", "argocd", "delete", "deployment,configmap", NAME, "--ignore-not-found", "--wait=false")


def test_a_release_is_foreseen_installed_and_waited_for(manifests: Path, tmp_path: Path) -> None:
    context = kubectl("config", "current-context").strip()
    sha256 = hashlib.sha256(manifests.read_bytes()).hexdigest()
    words = ["--context", context, "--version", "0.0.1", "--sha256", sha256, "--file", str(manifests)]
    command: list[str | Path] = [BIN / "blissful-infra", "argocd", "install", *words, "--dry-run", "-o", "json"]
    dry = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert dry.returncode == 0, dry.stderr
    document = json.loads(dry.stdout)
    check_against_schema("argocd-install.v1", document)
    assert not json.loads(kubectl("-n", "argocd", "get", "deployments", "-l", f"app={NAME}", "-o", "json"))["items"]

    variables = {"context": context, "version": "0.0.1", "sha256": sha256, "file": str(manifests)}
    given = [word for key, value in variables.items() for word in ("-e", f"argocd_{key}={value}")]
    play: list[str | Path] = [BIN / "ansible-playbook", "playbooks/argocd_install.yml", *given]
    installed = subprocess.run(play, capture_output=True, text=True, check=False, cwd=ROOT)
    assert installed.returncode == 0, installed.stdout + installed.stderr
    found = json.loads(kubectl("-n", "argocd", "get", "deployment", NAME, "-o", "json"))
    assert found["status"]["readyReplicas"] == 1

    kubectl("-n", "argocd", "delete", "deployment", NAME)
    state = {**os.environ, "XDG_STATE_HOME": str(tmp_path / "state")}
    command = [BIN / "blissful-infra", "argocd", "install", *words, "--yes"]
    again = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path, env=state)
    assert (again.returncode, f"Deployment/{NAME}: 1 of 1 pods ready" in again.stderr) == (0, True), again.stderr
    (events,) = tmp_path.glob("state/blissful-infra/events/*argocd_install*.jsonl")
    assert "applied 3 objects" in events.read_text()

    manifests.write_text(manifests.read_text() + "\n# changed\n")
    refused = subprocess.run(play, capture_output=True, text=True, check=False, cwd=ROOT)
    assert refused.returncode != 0
    assert "are not those of Argo CD 0.0.1" in refused.stdout
