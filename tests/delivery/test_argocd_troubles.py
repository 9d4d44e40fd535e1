"""What Argo CD itself has trouble with: an edited and broken Application, a closed sync window."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.delivery.conftest import Project, kubectl
from tests.delivery.test_failing import is_found
from tests.delivery.test_gitops import commits, delivered, forget, known

pytestmark = [pytest.mark.needs_cluster, pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    found = delivered(tmp_path / "project")
    yield found
    forget(found)


def surveyed(project: Project) -> dict[str, Any]:
    """What `status` says of the environment; the deployer's account may look at the Application."""
    done = project.call("status", "--envs", "-o", "json")
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)["environments"][0]
    return found


def test_a_live_edit_that_breaks_the_pods_is_shown_and_the_next_release_mends_it(project: Project) -> None:
    known(project)
    image = project.image()
    assert project.deploy(image).returncode == 0
    no_healing = {"spec": {"syncPolicy": {"automated": {"selfHeal": False}}}}
    kubectl("-n", "argocd", "patch", "application", project.namespace, "--type=merge", "-p", json.dumps(no_healing))
    container = {"name": "app", "image": "registry.blissful.test:5000/nobody/nothing:1"}
    edit = {"spec": {"progressDeadlineSeconds": 5, "template": {"spec": {"containers": [container]}}}}
    kubectl("-n", project.namespace, "patch", "deployment", "my-service", "-p", json.dumps(edit))
    deadline = time.monotonic() + 120
    while (found := surveyed(project))["argocd"]["health"] != "Degraded":
        assert time.monotonic() < deadline, found
        time.sleep(1)
    assert found["argocd"]["sync"] == "OutOfSync"
    assert "Deployment/my-service" in found["argocd"]["detail"]
    assert (found["health"], found["sync"]) == ("degraded", "drifted")
    assert "Deployment/my-service" in found["drift"]
    told = project.call("status", "--envs").stderr
    assert f"argocd/{project.namespace} of Argo CD is OutOfSync, Degraded: Deployment/my-service" in " ".join(
        told.split()
    )

    again = project.deploy(image)  # no new commit: Argo CD is asked to sync the one that is there
    assert again.returncode == 0, again.stderr
    assert len(commits(project)) == 2
    mended = surveyed(project)
    assert (mended["health"], mended["argocd"]["sync"], mended["argocd"]["health"]) == ("healthy", "Synced", "Healthy")

    crashed = project.deploy(project.image("crash"))
    assert crashed.returncode == 6
    assert f"the Application argocd/{project.namespace} is" in crashed.stderr
    is_found(project, crashed.stderr, "crash-loop", "no such setting")


def test_a_closed_sync_window_ends_the_release_at_once_and_by_name(project: Project) -> None:
    settings = project.folder / "blissful-infra.yaml"
    windows = '"gitops": {"windows": [{"kind": "deny", "schedule": "* * * * *", "duration": "1h"}], '
    settings.write_text(settings.read_text().replace('"gitops": {', windows))
    known(project)
    began = time.monotonic()
    done = project.deploy(project.image())
    assert done.returncode == 6, done.stderr
    assert "a sync window keeps it from syncing now" in done.stderr
    assert time.monotonic() - began < 90
    assert project.releases()[0]["verdict"] == "failed"
    assert not project.get("deployments")["items"]
