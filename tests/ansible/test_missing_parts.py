"""Machines that lack a part, and state folders that stand elsewhere or cannot be written."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from blissful_infra.errors import StateFolderError
from blissful_infra.runs.playbook import run_playbook
from blissful_infra.stacks.stack import Health
from tests.ansible.conftest import Project
from tests.missing import missing

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


def without(programs: set[str], folder: Path) -> str:
    """A PATH with everything that this machine has but these programs; it installs packages with apt-get."""
    folder.mkdir()
    (folder / "apt-get").touch(mode=0o755)
    for place in map(Path, os.environ["PATH"].split(os.pathsep)):
        for program in place.iterdir() if place.is_dir() else ():
            link = folder / program.name
            if program.name not in programs and not link.is_symlink() and not link.exists():
                link.symlink_to(program)
    return str(folder)


@pytest.mark.parametrize(
    ("missing", "told", "command"),
    [
        ({"java"}, "java: not installed", "sudo apt-get install openjdk-17-jre-headless"),
        ({"java", "mvn"}, "java and mvn: not installed", "sudo apt-get install openjdk-17-jre-headless maven"),
        pytest.param(
            {"mvn"}, "mvn: not installed", "sudo apt-get install maven", marks=pytest.mark.needs_java
        ),  # a machine with Java
    ],
    ids=["java", "both", "maven"],
)
def test_what_kafka_needs_is_told_with_its_install_command_and_nothing_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, missing: set[str], told: str, command: str
) -> None:
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("BLISSFUL_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", without(missing, tmp_path / "bin"))
    project = Project(tmp_path / "svc", backing=("postgres", "kafka"))
    try:
        out = project.play("up", expect=2)
        assert f"error[tool-missing]: {told}; Kafka needs a JRE 17" in out
        assert f"hint: {command}" in out
        assert not project.processes()
        assert not (project.state / "process" / "data").exists()
        assert project.status().health is Health.STOPPED
    finally:
        project.end()


def test_a_state_folder_elsewhere_holds_everything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BLISSFUL_HOME", str(tmp_path / "elsewhere"))
    project = Project(tmp_path / "svc")
    try:
        assert project.state == tmp_path / "elsewhere"
        project.play("up")
        assert project.status().health is Health.HEALTHY
        assert {"events", "logs", "ports.json", "process", "secrets.env", "stack.json"} <= {
            path.name for path in project.state.iterdir()
        }
        assert not (project.folder / ".blissful").exists()
        project.play("down")
        assert not project.processes()
    finally:
        project.end()


@pytest.fixture(params=["file", "read-only"])
def unwritable(request: pytest.FixtureRequest, small: Project) -> Iterator[Project]:
    """A project whose state folder is a file, or on a disk that is mounted read-only."""
    if request.param == "file":
        small.state.write_text("in its place")
        yield small
        return
    if os.geteuid() != 0:
        missing("mounting needs root")
    small.state.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "ro,size=64k", "tmpfs", str(small.state)], check=True)
    try:
        yield small
    finally:
        subprocess.run(["umount", str(small.state)], check=True)


def test_a_state_folder_that_cannot_be_written_is_told_through_both_doors(unwritable: Project) -> None:
    out = unwritable.play("up", expect=2)
    assert f"error[state-folder]: cannot write {unwritable.state}" in out
    assert "set BLISSFUL_HOME to a folder that is" in out
    with pytest.raises(StateFolderError, match=f"cannot write {unwritable.state}") as caught:
        run_playbook("up", project_file=unwritable.file)
    assert "BLISSFUL_HOME" in str(caught.value.hint)
    assert not unwritable.processes()
