"""What goes wrong around a stack, and what the next command says and does."""

import os
import shutil
import signal
import socket
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from blissful_infra.stacks.stack import Health
from blissful_infra.stacks.state.files import read_json, write_json
from blissful_infra.stacks.state.registry import registered
from blissful_infra.stacks.status import status_of_all
from tests.ansible.conftest import Project, changed_in, eventually

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Project]:
    """A second checkout of the same project."""
    project = Project(tmp_path / "other" / "svc", backing=())
    yield project
    project.end()


def test_a_taken_port_moves_the_block_names_the_holder_and_stays(small: Project) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", small.port))
        listener.listen()
        out = small.play("up")
        assert f"port {small.port} of Application is taken by pid {os.getpid()} (" in out
    moved = small.service("app").port
    assert moved != small.port
    small.play("down")
    small.play("up")
    assert small.service("app").port == moved
    small.play("down")


def test_strict_ports_fail_naming_the_holder_and_start_nothing(small: Project) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", small.port))
        listener.listen()
        out = small.play("up", "-e", "local_stack_strict_ports=true", expect=2)
    assert f"error[port-taken]: port {small.port} of Application is taken by pid {os.getpid()}" in out
    assert not small.processes()


def test_two_checkouts_run_side_by_side(small: Project, other: Project) -> None:
    other.write(port=small.port)
    small.play("up")
    out = other.play("up")
    assert f"is taken by pid {small.service('app').pid}" in out
    assert small.status().health is other.status().health is Health.HEALTHY
    assert {status.project_dir for status in status_of_all()} == {str(small.folder), str(other.folder)}
    other.play("down")
    assert small.status().health is Health.HEALTHY
    small.play("down")
    assert registered() == ()


def test_a_service_that_dies_ends_up_at_once_with_its_lines(small: Project) -> None:
    script = "import sys; [print(f'line {n}') for n in range(30)]; sys.exit(3)"
    small.write(port=small.port, run=["python3", "-c", script])
    out = small.play("up", expect=2)
    assert "error[service-failed]: Application failed: ended with exit code 3" in out
    assert "| line 29" in out
    assert "| line 10" in out
    assert "| line 9\n" not in out
    assert "blissful-infra logs app" in out


def test_a_failed_build_ends_up_and_the_service_is_not_started(small: Project) -> None:
    small.write(port=small.port, build=["python3", "-c", "print('no such symbol'); raise SystemExit(1)"])
    out = small.play("up", expect=2)
    assert "error[service-failed]: Application build failed: ended with exit code 1" in out
    assert "| no such symbol" in out
    assert small.service("app").health is Health.STOPPED


def test_a_service_that_never_answers_runs_into_its_limit(small: Project) -> None:
    small.write(port=small.port, run=["python3", "-c", "import time; time.sleep(100)"])
    out = small.play("up", "-e", "local_stack_timeout=1", expect=2)
    assert "Application failed: not ready within 1 s: nothing listens on port" in out


def test_a_missing_program_is_told_before_anything_starts(small: Project) -> None:
    small.write(port=small.port, run="no-such-program --serve")
    out = small.play("up", expect=2)
    assert "error[tool-missing]: no-such-program: not installed" in out
    assert not small.processes()


def test_changed_sources_are_built_and_started_again(small: Project) -> None:
    small.write(port=small.port, build=["python3", "-c", "print('built')"])
    assert "✓ Application built" in small.play("up")
    pid = small.service("app").pid
    assert changed_in(small.play("up")) == 0
    with (small.folder / "app.py").open("a") as file:
        file.write("\n")
    assert "✓ Application built" in small.play("up")
    assert small.service("app").pid != pid
    small.play("down")


def test_a_killed_supervisord_is_mended_by_the_next_up(project: Project) -> None:
    project.play("up")
    os.kill(project.supervisor_pid(), signal.SIGKILL)
    eventually(lambda: project.status().health is not Health.HEALTHY)
    project.play("up")
    assert project.status().health is Health.HEALTHY
    project.play("down")
    assert not project.processes()


def test_orphans_that_outlive_supervisord_are_swept_by_down(small: Project) -> None:
    small.play("up")
    marked = {**os.environ, "BLISSFUL_STACK": small.stack_id}
    orphan = subprocess.Popen(["sleep", "300"], env=marked, start_new_session=True)
    threading.Thread(target=orphan.wait, daemon=True).start()
    os.kill(small.supervisor_pid(), signal.SIGKILL)
    small.play("down")
    eventually(lambda: orphan.poll() is not None)
    assert not small.processes()


def test_a_second_up_is_refused_by_name_or_waits(small: Project) -> None:
    small.write(port=small.port, build=["python3", "-c", "import time; time.sleep(12)"])
    first = small.start("up")
    eventually(lambda: (small.state / "lock.json").exists())
    refused = small.play("up", expect=2)
    assert f"error[stack-busy]: `up` (pid {first.pid}, since" in refused
    waited = small.play("up", "-e", "local_stack_lock_wait=60")
    assert f"waiting for `up` (pid {first.pid}) to end" in waited
    assert changed_in(waited) == 0
    assert first.communicate(timeout=60)[0]
    small.play("down")


def test_a_reboot_is_told_and_mended(small: Project) -> None:
    small.play("up")
    small.end()
    for file in (small.state / "stack.json", next(Path(os.environ["XDG_STATE_HOME"]).rglob("stacks/*.json"))):
        write_json(file, {**read_json(file), "boot": "an earlier boot"})
    eventually(lambda: not small.processes())
    assert any("restarted since" in notice for notice in small.status().notices)
    out = small.play("up")
    assert "the machine restarted since `up`: starting everything again" in out
    assert small.status().notices == ()
    small.play("down")


def test_a_deleted_folder_is_told_and_its_processes_ended(small: Project, other: Project) -> None:
    small.play("up")
    shutil.rmtree(small.folder)
    (status,) = status_of_all()
    assert "its folder was deleted" in status.notices[0]
    out = other.play("up")
    assert f"the folder of stack tiny ({small.folder}) was deleted; stopped app" in out
    assert not small.processes()
    other.play("down")
    assert status_of_all() == ()


def test_a_copied_folder_gets_ports_of_its_own(small: Project, tmp_path: Path) -> None:
    small.play("up")
    copy = Project.__new__(Project)
    copy.folder, copy.plays = tmp_path / "copy", []
    shutil.copytree(small.folder, copy.folder)
    out = copy.play("up")
    assert f"this folder is a copy of {small.folder}" in out
    assert copy.service("app").port != small.service("app").port
    assert small.status().health is Health.HEALTHY
    copy.play("down")
    small.play("down")


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting needs root")
def test_a_full_disk_is_said_and_starts_nothing(small: Project) -> None:
    small.state.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(small.state)], check=True)
    try:
        (small.state / "filler").write_bytes(b"x" * 60 * 1024)
        with pytest.raises(OSError, match="No space left"):
            (small.state / "more").write_bytes(b"x" * 8192)
        out = small.play("up", expect=2)
        assert "error[state-folder]: cannot write" in out
        assert "No space left on device" in out
        assert "free some space on the disk" in out
        assert not small.processes()
    finally:
        subprocess.run(["umount", str(small.state)], check=True)
