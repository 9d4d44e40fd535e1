"""The generated Role is enough, nothing of it is too much, and a right that lacks is named."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.delivery.conftest import Project, a_project, kubectl

pytestmark = [pytest.mark.needs_cluster, pytest.mark.slow, pytest.mark.timeout(600)]

ROLE = ("role", "my-service-deployer")


def without(project: Project, verb: str, kind: str) -> None:
    """Take one verb on one kind away from the Role."""
    rules = project.get(*ROLE)["rules"]
    for rule in [each for each in rules if kind in each["resources"]]:
        rule["resources"].remove(kind)
        rules.append({**rule, "resources": [kind], "verbs": [each for each in rule["verbs"] if each != verb]})
    patch = json.dumps({"rules": [each for each in rules if each["resources"] and each["verbs"]]})
    kubectl("-n", project.namespace, "patch", *ROLE, "--type=merge", "-p", patch)


@pytest.mark.parametrize(
    ("verb", "kind", "said"),
    [
        ("patch", "deployments", "patch deployments.apps my-service in the namespace"),
        ("create", "leases", "create leases.coordination.k8s.io in the namespace"),
        ("list", "configmaps", "list configmaps in the namespace"),
    ],
)
def test_a_right_that_lacks_is_named_with_what_grants_it(project: Project, verb: str, kind: str, said: str) -> None:
    image = project.image()
    without(project, verb, kind)
    done = project.deploy(image)
    assert done.returncode == 6
    assert "error[forbidden]" in done.stderr
    assert f"does not allow to {said} {project.namespace}" in done.stderr
    assert "deploy/rbac" in done.stderr
    assert not project.get("deployments")["items"]


def test_a_namespace_that_exists_needs_no_right_on_namespaces(project: Project) -> None:
    without(project, "get", "namespaces")
    done = project.deploy(project.image())
    assert done.returncode == 0, done.stderr
    assert "may not be looked at" in done.stderr
    assert project.served() == project.revisions[0]


def test_the_deployer_reaches_nothing_else(project: Project) -> None:
    account = f"--as=system:serviceaccount:{project.namespace}:my-service-deployer"
    for words in (
        ["get", "secrets", "-n", project.namespace],
        ["get", "secret/other", "-n", project.namespace],
        ["create", "pods", "-n", project.namespace],
        ["create", "pods/exec", "-n", project.namespace],
        ["patch", "roles", "-n", project.namespace],
        ["patch", f"namespace/{project.namespace}", "-n", project.namespace],
        ["get", "configmaps", "-n", "default"],
        ["get", "namespace/default", "-n", "default"],
        ["list", "namespaces", "-A"],
    ):
        done = kubectl_says("auth", "can-i", *words, account)
        assert done == "no", words


def kubectl_says(*words: str) -> str:
    return subprocess.run(["kubectl", *words], capture_output=True, text=True, check=False).stdout.strip()


@pytest.fixture
def administrators(tmp_path: Path) -> Iterator[Project]:
    """A project with the administrator's access, and a namespace that is not there yet."""
    found = a_project(tmp_path / "project", administrator=True)
    yield found
    kubectl("delete", "namespace", found.namespace, "--wait=false", "--ignore-not-found")


def test_a_namespace_is_made_by_who_may(administrators: Project) -> None:
    image = administrators.image()
    dry = administrators.deploy(image, "--dry-run", "-o", "json")
    assert {each["change"] for each in json.loads(dry.stdout)["changes"]} == {"create"}, dry.stderr
    assert administrators.namespace not in kubectl("get", "namespaces")
    done = administrators.deploy(image)
    assert done.returncode == 0, done.stderr
    assert administrators.served() == administrators.revisions[0]
