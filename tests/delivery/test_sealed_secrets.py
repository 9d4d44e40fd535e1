"""Secrets that lie in the repository encrypted by a real SOPS with age: a deploy opens them, and shows them nowhere."""

import base64
import json
import subprocess
import uuid
from pathlib import Path

import pytest
import yaml

from tests.cluster.kube import part
from tests.delivery.conftest import Project, kubectl
from tests.delivery.test_deploying import play

pytestmark = [pytest.mark.needs_cluster, pytest.mark.slow, pytest.mark.timeout(600)]

WHERE = "deploy/overlays/staging/secrets.sops.yaml"


def seal(project: Project, recipient: str, **values: str) -> None:
    """Write the project's Secret, encrypted in place as the documentation tells."""
    secret = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": "my-service-backing"},
        "stringData": {"POSTGRES_HOST": "nowhere", **values},
    }
    (project.folder / WHERE).write_text(yaml.safe_dump(secret))
    words = ["sops", "--encrypt", "--age", recipient, "--encrypted-regex", "^(data|stringData)$", "--in-place", WHERE]
    subprocess.run(words, cwd=project.folder, check=True, capture_output=True)


def greeting(project: Project) -> str:
    path = f"/api/v1/namespaces/{project.namespace}/services/my-service:http/proxy/hello"
    return str(json.loads(kubectl("get", "--raw", path))["message"])


def shown(project: Project, value: str, *said: str) -> list[str]:
    """Where a value can be read, besides the Secret itself."""
    forms = (value, base64.b64encode(value.encode()).decode())
    kinds = "configmaps,deployments,replicasets,pods,jobs,events,leases"
    objects = kubectl("-n", project.namespace, "get", kinds, "-o", "yaml")
    places = {"the output": "\n".join(said), "the cluster": objects}
    for path in (project.folder / ".blissful").rglob("*"):
        if path.is_file():
            places[str(path)] = path.read_text(errors="replace")
    assert any(name.endswith(".jsonl") for name in places)
    return [name for name, text in places.items() if any(form in text for form in forms)]


def test_an_encrypted_secret_reaches_the_pods_and_nothing_else(
    with_database: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    part("sops", "BLISSFUL_TEST_SOPS")
    project, key = with_database, tmp_path / "key.txt"
    kubectl("-n", project.namespace, "delete", "secret", "my-service-backing")
    subprocess.run(["age-keygen", "-o", key], check=True, capture_output=True)
    recipient = key.read_text().partition("public key: ")[2].split()[0]
    first, second = (f"kept-{uuid.uuid4().hex}" for _ in range(2))
    seal(project, recipient, GREETING=first)
    image = project.image()

    closed = project.deploy(image)
    assert closed.returncode == 6
    assert f"{WHERE} cannot be decrypted" in closed.stderr
    assert "SOPS_AGE_KEY_FILE" in closed.stderr
    assert not project.get("deployments,secrets")["items"]

    monkeypatch.setenv("SOPS_AGE_KEY_FILE", str(key))
    dry = project.deploy(image, "--dry-run", "-o", "json")
    assert dry.returncode == 0, dry.stderr
    done = project.deploy(image, "-o", "json")
    assert done.returncode == 0, done.stderr
    assert f"Secret/my-service-backing comes from {WHERE}" in done.stderr
    assert greeting(project) == first
    assert shown(project, first, dry.stdout, dry.stderr, done.stdout, done.stderr) == []

    seal(project, recipient, GREETING=second)
    words = ["-l", "staging", "-e", f"delivery_image={project.image()}", "-e", "delivery_ref=HEAD"]
    played = play("deploy", project, *words, "-vvv")
    assert played.returncode == 0, played.stdout + played.stderr
    assert greeting(project) == second
    assert shown(project, second, played.stdout, played.stderr) == []

    assert project.call("rollback", "--env", "staging").returncode == 0
    assert greeting(project) == second  # a rollback brings back code, not passwords


def test_a_file_that_is_not_encrypted_is_refused(with_database: Project) -> None:
    part("sops", "BLISSFUL_TEST_SOPS")
    secret = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": "my-service-backing"},
        "stringData": {"A": "b"},
    }
    (with_database.folder / WHERE).write_text(yaml.safe_dump(secret))
    refused = with_database.deploy(with_database.image())
    assert refused.returncode == 3
    assert "error[sealed-secret]" in refused.stderr
    assert "is not encrypted" in refused.stderr
