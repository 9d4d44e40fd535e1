"""The docker runtime from end to end, on a real engine."""

from collections.abc import Callable

import docker
import pytest

from tests.acceptance.docker.small_project import SmallProject
from tests.ports import free_ports

pytestmark = [pytest.mark.needs_docker, pytest.mark.slow, pytest.mark.timeout(300)]


def test_up_builds_starts_and_waits_until_all_is_healthy(project: SmallProject) -> None:
    said = project.up().stderr
    assert "runtime: docker" in said
    assert "COPY app.py" in said
    assert "✓ Redis ready" in said
    assert "✓ Application ready" in said
    assert project.get().json()["status"] == "UP"
    seen = project.status()
    assert {name: service["health"] for name, service in seen.items()} == {"redis": "healthy", "app": "healthy"}
    assert seen["app"]["version"].startswith("0.1.0")
    assert seen["app"]["uptime_s"] > 0
    assert seen["app"]["restarts"] == 0


def test_a_second_up_touches_nothing(project: SmallProject) -> None:
    project.up()
    before = project.containers()
    said = project.up().stderr
    assert project.containers() == before
    assert "building" not in said
    assert "COPY" not in said
    assert "✓ Application running" in said


def test_a_changed_source_is_built_and_only_its_container_replaced(project: SmallProject) -> None:
    project.up()
    before = project.containers()
    source = project.folder / "app.py"
    source.write_text(source.read_text().replace("0.1.0", "0.2.0"))
    project.up()
    after = project.containers()
    assert after["redis"] == before["redis"]
    assert after["app"] != before["app"]
    assert project.get("/version").json()["version"] == "0.2.0"


def test_a_killed_container_is_seen_and_started_again_by_up(project: SmallProject) -> None:
    project.up()
    client = docker.from_env()
    client.api.kill(project.containers()["redis"])
    client.close()
    redis = project.status()["redis"]
    assert redis["health"] == "stopped"
    assert redis["detail"] == "was ended by SIGKILL (exit code 137)"
    project.up()
    assert project.status()["redis"]["health"] == "healthy"


def test_a_server_that_ended_cleanly_is_started_again_by_up(project: SmallProject) -> None:
    project.up()
    client = docker.from_env()
    client.api.stop(project.containers()["redis"])
    client.close()
    assert project.status()["redis"]["detail"] == "ended (exit code 0)"
    project.up()
    assert project.status()["redis"]["health"] == "healthy"


def test_down_leaves_the_data_and_removes_it_when_asked(project: SmallProject) -> None:
    project.up()
    client = docker.from_env()
    label = {"label": f"com.docker.compose.project={project.compose_project}"}
    try:
        assert project.cli("down").returncode == 0
        assert project.containers() == {}
        assert client.networks.list(filters=label) == []
        assert len(client.volumes.list(filters=label)) == 1
        assert project.cli("down").returncode == 0
        assert project.cli("down", "--volumes", "--yes").returncode == 0
        assert client.volumes.list(filters=label) == []
    finally:
        client.close()


def test_down_leaves_containers_of_others_alone(project: SmallProject) -> None:
    project.up()
    client = docker.from_env()
    image = client.containers.get(project.containers()["redis"]).image
    assert image is not None
    other = client.containers.run(image, detach=True, auto_remove=True, name=f"{project.compose_project}-other")
    try:
        assert project.cli("down").returncode == 0
        assert client.containers.get(other.name or "").status == "running"
    finally:
        other.kill()
        client.close()


def test_two_checkouts_run_side_by_side(make_project: Callable[..., SmallProject]) -> None:
    (port,) = free_ports(1)
    first, second = make_project("one", port=port), make_project("two", port=port)
    first.up()
    said = second.up().stderr
    assert f"port {port} of Application is taken by" in said
    assert first.status()["app"]["port"] != second.status()["app"]["port"]
    assert first.get().status_code == second.get().status_code == 200
    assert second.cli("down").returncode == 0
    assert first.get().status_code == 200


def test_a_port_held_by_a_container_is_told_with_its_project(make_project: Callable[..., SmallProject]) -> None:
    project = make_project()
    project.up()
    stranger = make_project("two")
    text = (stranger.folder / "blissful-infra.yaml").read_text()
    wish = project.status()["app"]["port"]
    own = stranger.status()["app"]["port"]
    (stranger.folder / "blissful-infra.yaml").write_text(text.replace(str(own), str(wish)))
    done = stranger.cli("up", "--strict-ports")
    assert done.returncode == 6
    assert f"is taken by container {project.compose_project}-" in done.stderr
    assert f"of project {project.compose_project}" in done.stderr


def test_logs_come_from_the_containers(project: SmallProject) -> None:
    project.up()
    done = project.cli("logs", "app")
    assert "started" in done.stdout


def test_a_job_that_ends_cleanly_is_done_and_does_not_run_again(make_project: Callable[..., SmallProject]) -> None:
    job = """
  migrate:
    image: python:3.12-slim
    command: [python, -c, "print('migrated')"]
    depends_on: {redis: {condition: service_healthy}}
"""
    project = make_project(services=job)
    project.up()
    before = project.containers()
    project.up()
    assert project.containers() == before
    assert "migrated" in project.cli("logs", "migrate").stdout


def test_passwords_are_on_no_command_line_and_in_no_file_but_their_own(project: SmallProject) -> None:
    project.up()
    environment = (project.folder / ".blissful/docker/compose.env").read_text()
    assert "PASSWORD" not in environment
