"""Ctrl-C and kill -9 in the middle of an `up` on Docker."""

import signal
import subprocess
import time
from collections.abc import Callable, Iterator

import psutil
import pytest

from tests.acceptance.docker.small_project import SmallProject
from tests.acceptance.running import eventually

pytestmark = [pytest.mark.needs_docker, pytest.mark.slow, pytest.mark.timeout(300)]

SLOW_JOB = """
  migrate:
    image: python:3.12-slim
    init: true
    command: [python, -c, "import time; time.sleep(8)"]
  after:
    image: redis:8
    depends_on: {migrate: {condition: service_completed_successfully}}
"""


@pytest.fixture
def coming_up(make_project: Callable[..., SmallProject]) -> Iterator[tuple[SmallProject, subprocess.Popen[str]]]:
    """A project whose `up` has started its containers, and waits for a job of eight seconds."""
    project = make_project(services=SLOW_JOB)
    with subprocess.Popen(
        ["blissful-infra", "up"],
        cwd=project.folder, env=project.environ, text=True, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL,
    ) as process:  # fmt: skip
        for line in process.stderr or ():
            if "Redis ready" in line:
                break
        yield project, process
        process.kill()


def composing(project: SmallProject) -> list[psutil.Process]:
    """The Compose commands that still work on the project."""
    found = []
    for process in psutil.process_iter(["cmdline"]):
        words = process.info["cmdline"] or []
        if "compose" in words and project.compose_project in words and process.status() != psutil.STATUS_ZOMBIE:
            found.append(process)
    return found


def test_ctrl_c_leaves_nothing_half_started_and_up_can_be_run_again(
    coming_up: tuple[SmallProject, subprocess.Popen[str]],
) -> None:
    project, process = coming_up
    process.send_signal(signal.SIGINT)
    said = process.stderr.read() if process.stderr else ""
    assert process.wait(60) == 130, said
    time.sleep(1)
    assert project.containers() == {}
    assert composing(project) == []
    project.up()
    assert project.get().status_code == 200


def test_after_a_kill_the_playbook_ends_by_itself_and_up_goes_on(
    coming_up: tuple[SmallProject, subprocess.Popen[str]],
) -> None:
    project, process = coming_up
    process.kill()
    process.wait(10)
    done = eventually(lambda: project.cli("up"), lambda done: "stack-busy" not in done.stderr, within=120)
    assert done.returncode == 0, done.stderr
    assert project.get().status_code == 200
    assert set(project.containers()) == {"redis", "app", "migrate", "after"}
