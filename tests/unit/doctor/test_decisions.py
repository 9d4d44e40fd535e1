"""What doctor decides: versions, needs, room, ports."""

from pathlib import Path

import pytest

from blissful_infra.doctor.check import Check, Status
from blissful_infra.doctor.machine import GIB, disk_check, memory_check, port_check
from blissful_infra.doctor.needs import needs_of
from blissful_infra.doctor.tools import TOOLS, judged, version_in
from blissful_infra.settings.reading import load_project
from tests.unit.settings.projects import a_project

BY_NAME = {tool.name: tool for tool in TOOLS}


@pytest.mark.parametrize(
    ("said", "version"),
    [
        ("git version 2.39.5\n", "2.39.5"),
        ('openjdk version "17.0.15" 2025-04-15\nOpenJDK Runtime Environment', "17.0.15"),
        ('java version "1.8.0_401"', "1.8.0"),
        ("javac 21\n", "21"),
        ("\x1b[1mApache Maven 3.8.7\x1b[m\nMaven home: /usr/share/maven", "3.8.7"),
        ("k6 v1.2.3 (commit/1234567, go1.24.4, linux/amd64)", "1.2.3"),
        ("github.com/docker/buildx v0.24.0 abcdef", "0.24.0"),
        ("Client Version: v1.32.4\nKustomize Version: v5.5.0", "1.32.4"),
        ("go version go1.26.8 linux/amd64", "1.26.8"),
        ("no number here", None),
    ],
)
def test_the_version_is_found_in_what_the_tool_says(said: str, version: str | None) -> None:
    assert version_in(said) == version


def test_an_old_tool_is_a_warning_unless_the_project_needs_it() -> None:
    optional = judged(BY_NAME["java"], 'java version "1.8.0_401"', "apt", None)
    needed = judged(BY_NAME["java"], 'java version "1.8.0_401"', "apt", "Kafka runs on it")
    assert (optional.status, optional.blocks) == (Status.WARN, False)
    assert (needed.status, needed.blocks) == (Status.MISSING, True)
    assert needed.message == "1.8.0 is too old; 17 or newer is needed"


def test_a_missing_optional_tool_does_not_block() -> None:
    assert not judged(BY_NAME["k6"], None, "apt", None).blocks


@pytest.mark.parametrize(
    ("manager", "fix"),
    [
        ("apt", "sudo apt-get install -y maven"),
        ("brew", "brew install maven"),
        (None, "see https://maven.apache.org/install.html"),
    ],
)
def test_the_fix_is_the_platforms_own_command(manager: str | None, fix: str) -> None:
    assert judged(BY_NAME["mvn"], None, manager, None).fix == fix


def test_what_is_fine_needs_no_fix() -> None:
    check = judged(BY_NAME["git"], "git version 2.39.5", "apt", None)
    assert (check.status, check.version, check.fix) == (Status.OK, "2.39.5", None)


def test_the_process_runtime_needs_what_builds_runs_and_kafka(tmp_path: Path) -> None:
    needs = needs_of(load_project(a_project(tmp_path)), "process")
    assert needs == {
        "mvn": "services.app.build runs it",
        "java": "services.app.run runs it",
        "javac": "Maven compiles with it",
    }


def test_a_program_inside_the_project_is_no_tool(tmp_path: Path) -> None:
    project = a_project(
        tmp_path,
        ("build: mvn -B -q -DskipTests package", "build: make build"),
        ("run: java -jar target/app.jar", "run: .venv/bin/python -m app"),
        ("needs: [postgres, kafka]", "needs: [postgres]"),
        ('kafka: {version: "4.1"}', "kafka: false"),
    )
    assert needs_of(load_project(project), "process") == {"make": "services.app.build runs it"}


def test_the_docker_runtime_needs_no_java(tmp_path: Path) -> None:
    assert set(needs_of(load_project(a_project(tmp_path)), "docker")) == {"docker", "compose", "buildx"}


def test_a_full_disk_blocks_and_little_memory_does_not() -> None:
    assert disk_check(GIB // 10).blocks
    assert disk_check(GIB).status is Status.WARN
    assert disk_check(10 * GIB).status is Status.OK
    assert memory_check(GIB, 8 * GIB).status is Status.WARN
    assert not memory_check(GIB, 8 * GIB).blocks


def test_a_taken_port_names_its_holder_and_does_not_block() -> None:
    check = port_check({"app": 8080, "postgres": 5432}, {8080: "pid 7 (nc -l)"}, running=False)
    assert (check.status, check.blocks) == (Status.WARN, False)
    assert check.message == "8080 (app) is held by pid 7 (nc -l)"


def test_the_ports_of_the_running_stack_are_its_own() -> None:
    assert port_check({"app": 8080}, {8080: "pid 7"}, running=True).status is Status.OK


def test_every_check_can_be_installed_or_has_a_link() -> None:
    assert [tool.name for tool in TOOLS if not tool.link.startswith("https://")] == []
    assert isinstance(judged(TOOLS[0], None, None, None), Check)
