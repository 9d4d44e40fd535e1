"""The environments of a project as they are: absent, healthy, drifted, unreachable."""

import json
from typing import Any

import pytest
import yaml

from tests.delivery.conftest import Project, kubectl
from tests.kubeconfigs import unanswered
from tests.schemas import check_against_schema

pytestmark = [pytest.mark.needs_cluster, pytest.mark.slow, pytest.mark.timeout(600)]


def seen(project: Project, **variables: str) -> dict[str, dict[str, Any]]:
    done = project.call("status", "--envs", "-o", "json", **variables)
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    check_against_schema("environments.v1", document)
    return {each["name"]: each for each in document["environments"]}


def test_an_environment_is_absent_then_healthy_then_drifted(project: Project) -> None:
    assert seen(project)["staging"]["health"] == "absent"
    assert project.deploy(project.image()).returncode == 0
    found = seen(project)["staging"]
    assert (found["health"], found["sync"], found["drift"]) == ("healthy", "synced", [])
    assert (found["revision"], found["release"]) == (project.revisions[0], 1)
    kubectl("-n", project.namespace, "scale", "deployment", "my-service", "--replicas=0")
    drifted = seen(project)["staging"]
    assert (drifted["sync"], drifted["drift"]) == ("drifted", ["Deployment/my-service"])


def test_a_cluster_that_does_not_answer_is_shown_as_that(project: Project, tmp_path: Any) -> None:
    context = yaml.safe_load(project.kubeconfig.read_text())["contexts"][0]["name"]
    found = seen(project, KUBECONFIG=str(unanswered(tmp_path, context)))["staging"]
    assert found["health"] == "unreachable"
    assert "does not answer" in found["detail"]
