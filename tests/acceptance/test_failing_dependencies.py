"""docs/service-contract.md, "Dependencies that fail": each one killed and frozen under the service."""

import os
import secrets
import signal
import time

import httpx
import psutil
import pytest

from tests.acceptance.running import BACKING, Project, eventually

READY_AGAIN_WITHIN = 30


def request(project: Project, dependency: str) -> tuple[str, httpx.Response, float]:
    """The request that uses this dependency, its answer, and how long it took."""
    with project.client() as client:
        began = time.monotonic()
        if dependency == "kafka":
            answer = client.post("/echo", json={"x": 1})
            return '{"x":1}', answer, time.monotonic() - began
        name = secrets.token_hex(4)
        answer = client.get(f"/hello/{name}")
        return f"Hello, {name}!", answer, time.monotonic() - began


def assert_degraded(project: Project, dependency: str) -> None:
    """Good answers, in time, that say who is missing; alive, and not ready."""
    for _ in range(8):
        expected, answer, seconds = request(project, dependency)
        assert answer.status_code == 200
        assert expected.replace(" ", "") in answer.text.replace(" ", "")
        assert dependency in answer.headers["X-Degraded"].split(", ")[0].split(",")
        assert seconds < 2.0
    with project.client() as client:
        assert client.get("/health").json() == {"status": "UP"}
        began = time.monotonic()
        ready = client.get("/ready")
        assert time.monotonic() - began < 3.0
        assert ready.status_code == 503
        assert ready.json()["checks"][dependency] == "DOWN"
        assert ready.json()["reasons"][dependency]
        other = "/hello" if dependency == "kafka" else "/echo"
        answer = client.get(other) if dependency == "kafka" else client.post(other, json=1)
        assert answer.status_code == 200
        assert "X-Degraded" not in answer.headers


def assert_recovers(project: Project, dependency: str) -> None:
    """Ready in time without a restart, and the dependency takes part again."""
    started = project.service("app")["restarts"]
    with project.client() as client:
        eventually(lambda: client.get("/ready"), lambda seen: seen.status_code == 200, within=READY_AGAIN_WITHIN)
    eventually(lambda: request(project, dependency)[1].headers.get("X-Degraded"), lambda seen: seen is None, within=15)
    assert project.service("app")["restarts"] == started


@pytest.mark.parametrize("dependency", BACKING)
def test_killed_dependency_degrades_and_recovers(project: Project, dependency: str) -> None:
    project.kill(dependency)
    eventually(
        lambda: project.service(dependency)["health"], lambda seen: seen not in {"healthy", "starting"}, within=10
    )
    assert_degraded(project, dependency)
    said = project.cli("agent", "--no-model", "--query", "why is app not ready?").stdout
    assert f"app is not ready because {dependency} is down" in said
    project.cli("up", "--runtime", project.combination.runtime)
    assert_recovers(project, dependency)


@pytest.mark.parametrize("dependency", BACKING)
def test_frozen_dependency_degrades_and_recovers(project: Project, dependency: str) -> None:
    with project.frozen(dependency):
        assert_degraded(project, dependency)
    assert_recovers(project, dependency)


@pytest.mark.applies_to(runtime="process")  # Compose starts the dependencies first
def test_the_service_starts_while_everything_it_needs_is_down(project: Project) -> None:
    for dependency in project.combination.needs:
        project.kill(dependency)
    project.kill("app")
    project.run("supervisorctl", "-c", ".blissful/process/supervisord.conf", "start", "app")
    with httpx.Client(base_url=project.url, timeout=5, trust_env=False) as client:

        def health() -> int:
            try:
                return client.get("/health").status_code
            except httpx.TransportError:
                return 0

        eventually(health, lambda status: status == 200, within=60)
        if project.combination.needs:
            assert client.get("/ready").status_code == 503
    project.cli("up", "--runtime", "process")
    with project.client() as client:
        eventually(lambda: client.get("/ready").status_code, lambda status: status == 200, within=READY_AGAIN_WITHIN)


def test_sigterm_ends_the_service_within_20_seconds(project: Project) -> None:
    if project.combination.runtime == "docker":
        container = project.service("app")["container"]
        began = time.monotonic()
        project.run("docker", "stop", "--time", "25", container)
        code = int(project.run("docker", "inspect", "--format", "{{.State.ExitCode}}", container).stdout)
        assert code in {0, 143}
    else:
        process = psutil.Process(project.service("app")["pid"])
        began = time.monotonic()
        os.kill(process.pid, signal.SIGTERM)
        process.wait(timeout=25)
        stopped = eventually(lambda: project.service("app"), lambda seen: seen["health"] != "healthy", within=5)
        assert any(code in stopped["detail"] for code in ("143", " 0"))
    assert time.monotonic() - began < 20
    project.cli("up", "--runtime", project.combination.runtime)
