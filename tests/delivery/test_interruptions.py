"""What breaks below a deploy: run again, it converges, and nothing half-applied was told as done."""

import json
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.cluster.processes import down, wait_for_api
from tests.delivery.conftest import BIN, Project, kubectl

pytestmark = [pytest.mark.needs_cluster, pytest.mark.slow, pytest.mark.timeout(600)]


@contextmanager
def deploying(project: Project, image: str, *words: str) -> Iterator["subprocess.Popen[str]"]:
    """A deploy that goes on: its record is written, what it applies is on its way."""
    known = len(project.releases())
    command = [
        str(BIN / "blissful-infra"),
        "deploy",
        "--env",
        "staging",
        "--image",
        image,
        "--ref",
        "HEAD",
        *words,
    ]
    with subprocess.Popen(
        command, cwd=project.folder, env=project.environ, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as process:
        for _ in range(600):
            record = kubectl(
                "-n", project.namespace, "get", "configmaps", "-l", "blissful-infra.dev/release", "-o", "json"
            )
            if len(json.loads(record)["items"]) > known:
                break
            assert process.poll() is None, "it ended before it began"
            time.sleep(0.2)
        try:
            yield process
        finally:
            process.kill()


def told_and_mended(project: Project, process: "subprocess.Popen[str]", image: str) -> str:
    """What the interrupted deploy said; it is told as done only where it is, and a second run makes it so."""
    said = process.communicate(timeout=240)[1]
    newest = project.releases()[0]
    if process.returncode == 0:
        assert newest["verdict"] == "served", said
        assert project.served() == project.revisions[-1]
    else:
        assert "error[" in said
        assert newest["verdict"] != "served", said
    again = project.deploy(image)
    assert again.returncode == 0, again.stderr
    assert project.served() == project.revisions[-1]
    assert project.releases()[0]["verdict"] == "served"
    assert not project.get("leases")["items"]
    return said


def test_a_node_that_is_drained(project: Project) -> None:
    assert project.deploy(project.image()).returncode == 0
    image = project.image()
    node = kubectl("get", "nodes", "-o", "jsonpath={.items[0].metadata.name}")
    with deploying(project, image, "--timeout", "10") as process:
        try:
            kubectl("cordon", node)
            kubectl("-n", project.namespace, "delete", "pods", "--all", "--wait=false")  # others' pods are left alone
            process.wait(120)
        finally:
            kubectl("uncordon", node)
        told_and_mended(project, process, image)


def test_an_api_server_that_is_restarted(project: Project) -> None:
    assert project.deploy(project.image()).returncode == 0
    image = project.image()
    with deploying(project, image) as process:
        with down("kube-apiserver"):
            time.sleep(2)
        wait_for_api()
        told_and_mended(project, process, image)


def test_a_registry_that_is_down(project: Project) -> None:
    assert project.deploy(project.image()).returncode == 0
    good, image = project.revisions[-1], project.image()
    # Before the record is written nothing is pulled yet, and afterwards it may be there already: down from the start.
    with down("docker-registry"):
        done = project.deploy(image)
        assert done.returncode == 6
        assert "ImagePullBackOff" in done.stderr
        assert project.served() == good
    assert project.releases()[0]["verdict"] == "failed"
    again = project.deploy(image)
    assert again.returncode == 0, again.stderr
    assert project.served() == project.revisions[-1]
