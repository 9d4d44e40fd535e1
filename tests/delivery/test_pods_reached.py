"""Into an environment's pods: their logs, a command, a port; always in the environment's own context and namespace."""

import json
import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.delivery.conftest import BIN, Project, a_project, kubectl, needs_a_registry

pytestmark = [pytest.mark.needs_cluster, pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """A project that serves, for who may do everything: a deployer may not reach into pods."""
    needs_a_registry()
    found = a_project(tmp_path_factory.mktemp("pods") / "project", administrator=True)
    done = found.deploy(found.image())
    assert done.returncode == 0, done.stderr
    yield found
    kubectl("delete", "namespace", found.namespace, "--wait=false", "--ignore-not-found")


def elsewhere(project: Project, folder: Path) -> dict[str, str]:
    """A kubeconfig that stands at another namespace."""
    text = kubectl("config", "view", "--raw", "--minify", "--flatten")
    (folder / "kubeconfig").write_text(text)
    subprocess.run(
        ["kubectl", "config", "set-context", "--current", "--namespace=kube-system"],
        env={**os.environ, "KUBECONFIG": str(folder / "kubeconfig")},
        check=True,
        capture_output=True,
    )
    return {"KUBECONFIG": str(folder / "kubeconfig")}


def test_the_pods_logs_are_read_filtered_and_followed(deployed: Project, tmp_path: Path) -> None:
    serving = f"serving {deployed.revisions[0]}"
    done = deployed.call("logs", "--env", "staging", "--grep", "SERVING", **elsewhere(deployed, tmp_path))
    assert done.returncode == 0, done.stderr
    assert serving in done.stdout
    pod = deployed.get("pods")["items"][0]["metadata"]["name"]
    data = deployed.call("logs", "my-service", "--env", "staging", "-o", "json", "--tail", "1")
    assert json.loads(data.stdout)["service"] == pod
    none = deployed.call("logs", "--env", "staging", "--level", "fatal")
    assert (none.returncode, none.stdout) == (0, "")
    assert "matches" in none.stderr
    unknown = deployed.call("logs", "other", "--env", "staging")
    assert unknown.returncode == 2
    assert "the services are my-service" in unknown.stderr

    words: list[str | Path] = [BIN / "blissful-infra", "logs", "--env", "staging", "--follow"]
    with subprocess.Popen(
        words, cwd=deployed.folder, env=deployed.environ, stdout=subprocess.PIPE, text=True
    ) as follow:
        assert follow.stdout is not None
        assert serving in follow.stdout.readline()
        follow.terminate()
    reading = [each for each in subprocess.run(["ps", "axo", "args"], capture_output=True, text=True,
                                               check=True).stdout.splitlines() if f"logs {pod}" in each]  # fmt: skip
    assert reading == []


def test_a_command_runs_in_the_environments_namespace_and_its_exit_code_is_the_commands(
    deployed: Project, tmp_path: Path
) -> None:
    done = deployed.call("exec", "--env", "staging", "--", "/app", "no-such", **elsewhere(deployed, tmp_path))
    assert done.returncode == 1, done.stderr
    assert f"serving {deployed.revisions[0]}" in done.stdout + done.stderr
    lost = deployed.call("exec", "--env", "staging", "--pod", "nobody", "--", "/app")
    assert lost.returncode == 1
    assert '"nobody" not found' in lost.stderr


def test_a_port_of_this_machine_leads_to_the_service(deployed: Project, tmp_path: Path) -> None:
    words: list[str | Path] = [BIN / "blissful-infra", "port-forward", "--env", "staging"]
    environ = {**deployed.environ, **elsewhere(deployed, tmp_path)}
    with subprocess.Popen(words, cwd=deployed.folder, env=environ, stdout=subprocess.PIPE, text=True) as forward:
        assert forward.stdout is not None
        told = forward.stdout.readline().split()
        assert told[:2] == ["Forwarding", "from"], told
        assert told[2].startswith("127.0.0.1:")
        try:
            answer = httpx.get(f"http://{told[2]}/version", timeout=20, trust_env=False)
            assert answer.json()["revision"] == deployed.revisions[0]
        finally:
            forward.terminate()
            time.sleep(0.1)


def test_a_deployer_may_not_reach_into_pods(project: Project) -> None:
    done = project.deploy(project.image())
    assert done.returncode == 0, done.stderr
    assert project.call("logs", "--env", "staging").stdout
    refused = project.call("exec", "--env", "staging", "--", "/app")
    assert refused.returncode == 1
    assert "pods/exec" in refused.stderr
