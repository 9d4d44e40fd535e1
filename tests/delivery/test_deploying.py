"""Releases on a real cluster: made, shown, rolled back, promoted; through the command line and plain Ansible."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.delivery.conftest import BIN, Project, a_deployer, a_project, kubectl, needs_a_registry
from tests.schemas import check_against_schema
from tests.templates.rendering import ROOT

pytestmark = [pytest.mark.needs_cluster, pytest.mark.slow, pytest.mark.timeout(600)]


def play(verb: str, project: Project, *words: str) -> subprocess.CompletedProcess[str]:
    command: list[str | Path] = [
        BIN / "ansible-playbook",
        f"playbooks/{verb}.yml",
        "-i",
        project.folder / "blissful-infra.yaml",
        *words,
    ]
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False, env={**project.environ, "NO_COLOR": "1"}
    )


def test_two_releases_and_a_rollback(project: Project) -> None:
    first = project.image()
    dry = project.deploy(first, "--dry-run", "-o", "json")
    assert dry.returncode == 0, dry.stderr
    check_against_schema("deploy.v1", json.loads(dry.stdout))
    changes = {each["object"]: each["change"] for each in json.loads(dry.stdout)["changes"]}
    assert changes.pop(f"Namespace/{project.namespace}") == "same"
    assert set(changes.values()) == {"create"}
    assert not project.get("deployments,services,leases")["items"]

    done = project.deploy(first, "-o", "json")
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    check_against_schema("deploy.v1", document)
    assert document["release"]["verdict"] == "served"
    assert project.served() == project.revisions[0]
    assert f"namespace {project.namespace}" in done.stderr

    again = project.deploy(first, "--dry-run", "-o", "json")
    assert {each["change"] for each in json.loads(again.stdout)["changes"]} == {"same"}

    assert project.deploy(project.image()).returncode == 0
    assert project.served() == project.revisions[1]
    back = project.call("rollback", "--env", "staging")
    assert back.returncode == 0, back.stderr
    assert "Restoring release 1 as release 3" in back.stderr
    assert project.served() == project.revisions[0]

    releases = project.releases()
    assert [(each["number"], each["verdict"], each["restores"]) for each in releases] == [
        (3, "served", 1), (2, "served", None), (1, "served", None),
    ]  # fmt: skip
    check_against_schema("releases.v1", json.loads(project.call("releases", "--env", "staging", "-o", "json").stdout))
    assert not project.get("leases")["items"]


def test_plain_ansible_does_the_same_and_check_mode_changes_nothing(project: Project) -> None:
    image = project.image()
    words = ["-l", "staging", "-e", f"delivery_image={image}", "-e", "delivery_ref=HEAD"]
    unnamed = play("deploy", project)
    assert unnamed.returncode != 0
    assert "Name the environment" in unnamed.stdout
    done = play("deploy", project, *words)
    assert done.returncode == 0, done.stdout + done.stderr
    assert project.served() == project.revisions[0]
    before = project.get("deployment", "my-service")["metadata"]["resourceVersion"]
    checked = play("deploy", project, *words, "--check")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert project.get("deployment", "my-service")["metadata"]["resourceVersion"] == before
    assert len(project.releases()) == 1


def test_check_mode_says_what_it_cannot_check_where_there_is_no_namespace_yet(tmp_path: Path) -> None:
    needs_a_registry()
    project = a_project(tmp_path / "project", administrator=True)
    try:
        words = ["-l", "staging", "-e", f"delivery_image={project.image()}", "-e", "delivery_ref=HEAD"]
        checked = play("deploy", project, *words, "--check", "--diff")
        assert checked.returncode == 0, checked.stdout + checked.stderr
        assert f"note: the namespace {project.namespace} is made first" in checked.stdout
        assert "create  Deployment/my-service" in checked.stdout
        assert not kubectl("get", "namespace", project.namespace, "--ignore-not-found")
        done = play("deploy", project, *words)
        assert done.returncode == 0, done.stdout + done.stderr
        assert project.served() == project.revisions[0]
    finally:
        kubectl("delete", "namespace", project.namespace, "--wait=false", "--ignore-not-found")


def test_an_environment_that_asks_is_asked_for_a_yes(project: Project) -> None:
    settings = project.folder / "blissful-infra.yaml"
    settings.write_text(settings.read_text().replace('"replicas": 1', '"replicas": 1, "approve": true'))
    image = project.image()
    refused = project.deploy(image)
    assert refused.returncode == 2
    assert "asks for a yes" in refused.stderr
    assert (
        play("deploy", project, "-l", "staging", "-e", f"delivery_image={image}", "-e", "delivery_ref=HEAD").returncode
        != 0
    )
    assert project.deploy(image, "--yes").returncode == 0


def test_what_a_release_no_longer_has_is_removed(project: Project) -> None:
    overlay = project.folder / "deploy" / "overlays" / "staging"
    (overlay / "extra.yaml").write_text("{apiVersion: v1, kind: ConfigMap, metadata: {name: extra}, data: {a: b}}\n")
    text = (overlay / "kustomization.yaml").read_text()
    (overlay / "kustomization.yaml").write_text(text.replace("  - limits.yaml", "  - limits.yaml\n  - extra.yaml"))
    assert project.deploy(project.image()).returncode == 0
    assert project.get("configmap", "extra")["data"] == {"a": "b"}
    (overlay / "kustomization.yaml").write_text(text)
    done = project.deploy(project.image())
    assert "remove  ConfigMap/extra" in done.stderr
    names = [each["metadata"]["name"] for each in project.get("configmaps")["items"]]
    assert "extra" not in names


def test_promotion_takes_the_same_digest_through_the_gates(project: Project) -> None:
    settings = project.folder / "blissful-infra.yaml"
    other = f"{project.namespace}-prod"
    try:
        context = a_deployer(project.folder, project.kubeconfig, "production", other)
        gates = {"after": "staging", "served_for": "1h"}
        place = {"cluster": context, "namespace": other, "replicas": 1, "promote": gates}
        settings.write_text(f"{settings.read_text()}  production: {json.dumps(place)}\n")
        image = project.image()
        assert project.deploy(image).returncode == 0
        words = ["promote", "--from", "staging", "--to", "production", "-o", "json"]
        refused = project.call(*words)
        assert refused.returncode == 6
        assert "error[gate-closed]: production is closed to this promotion: served" in refused.stderr
        assert "✓ healthy   healthy" in refused.stderr
        assert "✓ incidents 0 open" in refused.stderr
        document = json.loads(refused.stdout)
        check_against_schema("deploy.v1", document)
        assert [each["name"] for each in document["gates"] if not each["open"]] == ["served"]
        done = project.call(*words, "--force-gates")
        assert done.returncode == 0, done.stderr
        document = json.loads(done.stdout)
        check_against_schema("deploy.v1", document)
        assert document["release"]["forced_gates"] == ["served"]
        deployed = kubectl("-n", other, "get", "deployment", "my-service", "-o", "jsonpath={..image}")
        assert deployed == image
    finally:
        kubectl("delete", "namespace", other, "--wait=false", "--ignore-not-found")
