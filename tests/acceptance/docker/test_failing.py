"""What ends `up` on Docker at once: which service, why, its last lines, and the fix."""

import time
from collections.abc import Callable

import pytest

from tests.acceptance.docker.small_project import APPLICATION, DOCKERFILE, SmallProject

pytestmark = [pytest.mark.needs_docker, pytest.mark.slow, pytest.mark.timeout(300)]

Make = Callable[..., SmallProject]


def failing_up(project: SmallProject) -> str:
    done = project.cli("up")
    assert done.returncode == 6, done.stderr
    return done.stderr


def test_a_container_that_ends_is_named_with_its_exit_code_and_last_lines(make_project: Make) -> None:
    application = "import sys\nfor n in range(30):\n    print('line', n)\nsys.exit('no such database')\n"
    said = failing_up(make_project(application=application))
    assert "Application failed: ended with exit code 1" in said
    assert "no such database" in said
    assert "line 29" in said
    assert "line 5\n" not in said
    assert "still running: redis" in said


def test_a_container_over_its_memory_limit_is_told_to_be_so(make_project: Make) -> None:
    hungry = """
  hungry:
    image: python:3.12-slim
    mem_limit: 32m
    command: [python, -c, "bytearray(10**9)"]
"""
    said = failing_up(make_project(services=hungry))
    assert "Hungry failed: ran out of memory: its limit is 32 MiB (exit code 137)" in said
    assert "raise mem_limit of hungry in compose.yaml" in said


def test_a_failed_job_ends_up_before_compose_gives_up_waiting(make_project: Make) -> None:
    job = """
  migrate:
    image: python:3.12-slim
    command: [python, -c, "import sys; print('relation exists'); sys.exit(3)"]
"""
    said = failing_up(make_project(services=job))
    assert "Migrate failed: ended with exit code 3" in said
    assert "relation exists" in said


def test_an_unhealthy_container_ends_up_with_what_its_check_says(make_project: Make) -> None:
    sick = """
  sick:
    image: redis:8
    healthcheck: {test: [CMD-SHELL, "echo index is corrupt; exit 1"], interval: 1s, retries: 1}
"""
    began = time.monotonic()
    said = failing_up(make_project(services=sick))
    assert "Sick failed: its health check fails: index is corrupt" in said
    assert time.monotonic() - began < 60


def test_an_image_that_cannot_be_pulled_is_compose_s_own_reason_and_a_way_out(make_project: Make) -> None:
    unknown = """
  unknown:
    image: registry.invalid/nobody/nothing:1
"""
    said = failing_up(make_project(services=unknown))
    assert "error[compose-failed]" in said
    assert "registry.invalid" in said
    assert "`images:` in blissful-infra.yaml" in said


def test_a_broken_dockerfile_is_shown_with_its_last_lines(make_project: Make) -> None:
    project = make_project(dockerfile=DOCKERFILE + "RUN echo about to break && nonesuch\n")
    said = failing_up(project)
    assert "error[image-build-failed]: the image of app could not be built" in said
    assert "nonesuch: not found" in said
    assert project.containers() == {}


def test_what_failed_can_be_mended_and_up_continues(make_project: Make) -> None:
    project = make_project(application="raise SystemExit(1)\n")
    failing_up(project)
    (project.folder / "app.py").write_text(APPLICATION)
    project.up()
    assert project.get().status_code == 200


def test_a_service_missing_from_compose_yaml_is_told_before_anything_starts(make_project: Make) -> None:
    project = make_project()
    compose = project.folder / "compose.yaml"
    compose.write_text(
        compose.read_text().replace("  redis:\n", "  cache:\n").replace("{redis: {cond", "{cache: {cond")
    )
    done = project.cli("up")
    assert done.returncode == 3
    assert "compose.yaml has no service redis" in done.stderr
    assert project.containers() == {}


def test_a_compose_yaml_that_compose_refuses_is_told_before_anything_starts(make_project: Make) -> None:
    project = make_project(services="  broken: {imagine: what}\n")
    done = project.cli("up")
    assert done.returncode == 3
    assert "error[invalid-compose-file]" in done.stderr
    assert "imagine" in done.stderr
