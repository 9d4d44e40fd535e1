"""Releases that fail on a real cluster: told at once and by name, the old pods serving on."""

import contextlib
import json
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.delivery.conftest import BIN, Project
from tests.delivery.test_deploying import play
from tests.schemas import check_against_schema

pytestmark = [pytest.mark.needs_cluster, pytest.mark.slow, pytest.mark.timeout(600)]


def the_first_release_serves(project: Project) -> str:
    image = project.image()
    done = project.deploy(image)
    assert done.returncode == 0, done.stderr
    return project.revisions[-1]


def is_found(project: Project, said: str, category: str, word: str) -> None:
    """The agent's finding is below the error and in the record, with the text that shows it."""
    finding = project.releases()[0]["finding"]
    assert finding is not None, said
    assert (finding["category"], finding["subject"]) == (category, "my-service")
    assert word in f"{finding['cause']} {finding['quote']}"
    assert finding["confidence"] > 0.5
    assert f"-n {project.namespace} " in finding["command"]
    assert f"finding: {category} in my-service" in said
    assert f"| {finding['quote']}" in said
    assert said.index("error[") < said.index("finding:")


@pytest.mark.parametrize(
    ("fault", "words", "category", "quote"),
    [
        ("crash", ("ended with 3", "cannot start: no such setting"), "crash-loop", "no such setting"),
        ("memory", ("ran out of memory",), "oom-killed", "OOMKilled"),
    ],
)
def test_a_program_that_does_not_stay_up_is_explained_and_rolled_back(
    project: Project, fault: str, words: tuple[str, ...], category: str, quote: str
) -> None:
    good = the_first_release_serves(project)
    done = project.deploy(project.image(fault), "--atomic")
    assert done.returncode == 6
    for word in words:
        assert word in done.stderr
    assert "error[rollout-failed]" in done.stderr
    assert project.served() == good
    assert [each["verdict"] for each in project.releases()] == ["rolled-back", "served"]
    is_found(project, done.stderr, category, quote)
    assert len(project.get("pods", "--field-selector=status.phase=Running")["items"]) == 1


def test_a_missing_image_is_told_before_the_time_is_up(project: Project) -> None:
    good = the_first_release_serves(project)
    missing = f"{project.image().partition('@')[0]}@sha256:{'0' * 64}"
    began = time.monotonic()
    done = project.deploy(missing)
    assert done.returncode == 6
    assert "ImagePullBackOff" in done.stderr
    assert time.monotonic() - began < 90
    assert project.served() == good
    assert project.releases()[0]["verdict"] == "failed"
    is_found(project, done.stderr, "image-pull", "ImagePullBackOff")
    back = project.call("rollback", "--env", "staging")
    assert back.returncode == 0, back.stderr
    assert project.served() == good


def test_a_readiness_that_never_comes_ends_with_the_timeout(project: Project) -> None:
    good = the_first_release_serves(project)
    done = project.deploy(project.image("readiness"), "--timeout", "15")
    assert done.returncode == 6
    assert "0 of 1 new pods ready" in done.stderr or "old pods still stop" in done.stderr
    is_found(project, done.stderr, "probe-failing", "eadiness probe")
    assert project.served() == good


def test_settings_that_are_missing_are_found_through_plain_ansible_too(project: Project) -> None:
    the_first_release_serves(project)
    deployment = project.folder / "deploy" / "base" / "deployment.yaml"
    text = deployment.read_text()
    deployment.write_text(text.replace("envFrom:\n", "envFrom:\n            - configMapRef: { name: not-there }\n"))
    done = project.deploy(project.image(), "-o", "json")
    assert done.returncode == 6
    document = json.loads(done.stdout)
    check_against_schema("deploy.v1", document)
    assert document["release"]["verdict"] == "failed"
    assert document["release"]["finding"]["category"] == "configuration-missing"
    is_found(project, done.stderr, "configuration-missing", "not-there")
    words = ["-l", "staging", "-e", f"delivery_image={project.image()}", "-e", "delivery_ref=HEAD"]
    played = play("deploy", project, *words)
    assert played.returncode != 0
    assert "finding: configuration-missing in my-service" in played.stdout
    is_recorded = project.releases()[0]["finding"]
    assert is_recorded["category"] == "configuration-missing"


def test_a_failed_migration_stops_before_any_new_pod(with_database: Project) -> None:
    good = the_first_release_serves(with_database)
    pods = {
        each["metadata"]["name"]
        for each in with_database.get("pods", "-l", "app.kubernetes.io/name=my-service")["items"]
    }
    done = with_database.deploy(with_database.image("migration"))
    assert done.returncode == 6
    assert "error[migration-failed]" in done.stderr
    assert 'column \\"greeting\\" does not exist' in done.stderr
    assert with_database.served() == good
    now = {
        each["metadata"]["name"]
        for each in with_database.get("pods", "-l", "app.kubernetes.io/name=my-service")["items"]
    }
    assert now == pods
    assert with_database.deploy(with_database.image()).returncode == 0  # mended


def test_a_migration_that_cannot_be_undone_refuses_the_rollback(with_database: Project) -> None:
    the_first_release_serves(with_database)
    versions = with_database.folder / "app" / "migrations" / "versions"
    (versions / "0002_drop.py").write_text("# blissful: irreversible\n")
    assert with_database.deploy(with_database.image()).returncode == 0
    refused = with_database.call("rollback", "--env", "staging")
    assert refused.returncode == 2
    assert "0002_drop.py" in refused.stderr
    assert with_database.call("rollback", "--env", "staging", "--force").returncode == 0


def test_a_secret_that_is_missing_is_named_before_anything_is_applied(with_database: Project) -> None:
    subprocess.run(["kubectl", "-n", with_database.namespace, "delete", "secret", "my-service-backing"], check=True)
    done = with_database.deploy(with_database.image())
    assert done.returncode == 3
    assert "error[missing-secret]" in done.stderr
    assert not with_database.get("deployments")["items"]


def test_a_quota_that_is_exceeded_is_named(project: Project) -> None:
    the_first_release_serves(project)
    limits = project.folder / "deploy" / "overlays" / "staging" / "limits.yaml"
    limits.write_text(limits.read_text().replace('pods: "30"', 'pods: "1"'))
    done = project.deploy(project.image(), "--timeout", "60")
    assert done.returncode == 6
    assert "exceeded quota" in done.stderr
    is_found(project, done.stderr, "quota-exceeded", "pods=1")


def test_two_deploys_at_once_are_kept_apart_and_a_killed_one_is_taken_over(project: Project) -> None:
    the_first_release_serves(project)
    slow = project.image("readiness")
    command: list[str | Path] = [BIN / "blissful-infra", "deploy", "--env", "staging", "--image", slow, "--ref", "HEAD"]
    first = subprocess.Popen(
        command, cwd=project.folder, env=project.environ, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        text=True, start_new_session=True,
    )  # fmt: skip
    try:
        for _ in range(400):
            if project.get("leases")["items"] and len(project.releases()) == 2:
                break
            assert first.poll() is None, "the first deploy ended before the second began"
            time.sleep(0.5)
        second = project.deploy(slow)
        assert first.poll() is None, "the first deploy ended before the second was refused"
        assert second.returncode == 6
        assert "error[delivery-busy]" in second.stderr, second.stderr
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(first.pid, signal.SIGKILL)
        said = first.communicate()[1]
    assert project.releases()[0]["verdict"] == "pending", said
    time.sleep(2)
    done = project.deploy(project.image())
    assert done.returncode == 0, done.stderr
    assert project.served() == project.revisions[-1]
