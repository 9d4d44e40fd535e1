"""Ctrl-C and `kill -9` while `up` goes on, through both doors."""

import signal
import subprocess
import threading
import time
from pathlib import Path

import psutil
import pytest

from blissful_infra.runs.interrupting import EXIT_CODE, GRACE_S
from blissful_infra.runs.playbook import run_playbook
from blissful_infra.runs.result import RunEvent
from blissful_infra.settings.reading import load_project
from blissful_infra.stacks.stack import Health
from blissful_infra.stacks.state.journal import Journal
from blissful_infra.stacks.undoing import undo
from tests.ansible.conftest import Project, eventually

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

HOLD = """
import time
from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

class ActionModule(ActionBase):
    def run(self, tmp=None, task_vars=None):
        Display().display("holding")
        Display()._final_q._wlock.acquire()
        time.sleep(100)
"""
"""An action that holds the lock of Ansible's result queue, as one does that is interrupted while it writes there."""


def said(process: "subprocess.Popen[str]", words: str) -> None:
    """Read until the playbook says this."""
    assert process.stdout is not None
    for line in process.stdout:
        if words in line:
            return


def test_ctrl_c_ends_an_ansible_that_hangs_on_its_result_queue(small: Project, tmp_path: Path) -> None:
    (tmp_path / "action_plugins").mkdir()
    (tmp_path / "action_plugins" / "hold.py").write_text(HOLD)
    (tmp_path / "hold.yml").write_text("- hosts: local\n  tasks:\n    - hold:\n")
    process = small.start(tmp_path / "hold.yml")
    said(process, "holding")
    time.sleep(0.5)  # until the lock is held
    workers = psutil.Process(process.pid).children(recursive=True)
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=GRACE_S + 20)
    assert process.returncode == EXIT_CODE
    assert time.monotonic() - began >= GRACE_S, "it did not hang: this test proves nothing"
    assert workers
    eventually(lambda: not any(worker.is_running() for worker in workers))


def test_ctrl_c_ends_a_worker_that_does_not_answer(small: Project) -> None:
    small.write(port=small.port, build=["python3", "-c", "import time; time.sleep(60)"])
    process = small.start("up")
    eventually(lambda: any("time.sleep(60)" in " ".join(each.cmdline()) for each in small.processes()))
    for worker in psutil.Process(process.pid).children():
        worker.suspend()
    process.send_signal(signal.SIGINT)
    out = process.communicate(timeout=60)[0]
    assert process.returncode == EXIT_CODE
    assert "interrupted:" in out
    eventually(lambda: not small.processes())


@pytest.mark.parametrize("line", ["Settle runtime", "Configure supervisord", "included: application", "✓ Postgres"])
def test_ctrl_c_leaves_nothing_half_started(project: Project, line: str) -> None:
    process = project.start("up")
    said(process, line)
    process.send_signal(signal.SIGINT)
    out = process.communicate(timeout=30)[0]
    if process.returncode == 0:
        assert project.status().health is Health.HEALTHY
    else:
        assert process.returncode == EXIT_CODE
        assert "interrupted:" in out or not Journal(project.state).entries()
        eventually(lambda: not project.processes())
        assert Journal(project.state).open_run() is None
        assert not (project.state / "lock.json").exists()
    project.play("up")
    assert project.status().health is Health.HEALTHY
    project.play("down")


@pytest.mark.parametrize(
    ("event", "name", "value"),
    [
        ("stack", "state", "starting"),
        ("playbook_on_task_start", "task", "Configure supervisord"),
        ("service", "service", "redis"),
    ],
    ids=["settled", "configuring", "building"],
)
def test_a_cancelled_run_is_undone(project: Project, event: str, name: str, value: str) -> None:
    wished = load_project(project.file).services["app"].port
    project.write(port=wished, needs=("postgres", "redis"), build=["python3", "-c", "import time; time.sleep(9)"])
    begun = threading.Event()
    asked = []

    def on_event(seen: RunEvent) -> None:
        if seen.event == event and seen.data.get(name) == value and not begun.is_set():
            asked.append(time.monotonic())
            begun.set()

    result = run_playbook(
        "up",
        project_file=project.file,
        run_id="20260101T000000Z-up-aaaa",
        on_event=on_event,
        cancelled=begun.is_set,
    )
    assert time.monotonic() - asked[0] < GRACE_S + 5
    undo(project.file, run_id=result.run_id)
    assert result.status == "canceled"
    assert not project.processes()
    assert Journal(project.state).open_run() is None
    assert not (project.state / "lock.json").exists()


def test_a_killed_run_is_told_and_continued(project: Project) -> None:
    process = project.start("up")
    said(process, "Configure supervisord")
    process.kill()
    process.communicate(timeout=60)
    eventually(lambda: not any("ansible" in " ".join(each.cmdline()) for each in project.processes()))
    notices = project.status().notices
    assert any("was interrupted" in notice for notice in notices)
    out = project.play("up")
    assert "never ended: continuing from there" in out
    assert project.status().health is Health.HEALTHY
    assert project.status().notices == ()
    project.play("down")
