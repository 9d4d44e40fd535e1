"""The conversation as a person has it: completion, history, Ctrl-C, Ctrl-D."""

import os
import stat
import sys
from pathlib import Path

import pexpect
import pytest

from tests.unit.settings.projects import a_project

pytestmark = pytest.mark.slow
# A new prompt, not the old one drawn again: what begins it switches bracketed paste on. A key sent between two
# prompts would meet a terminal that is not yet in raw mode.
PROMPT = r"\x1b\[\?2004h[^>]*\x1b\[0m>"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    a_project(tmp_path)
    logs = tmp_path / ".blissful" / "logs"
    logs.mkdir(parents=True)
    (logs / "app.log").write_text("ERROR: connection refused\n")
    return tmp_path


def conversation(folder: Path) -> "pexpect.spawn[str]":
    program = str(Path(sys.executable).parent / "blissful")
    environ = os.environ | {"TERM": "xterm", "NO_COLOR": "1", "PROMPT_TOOLKIT_NO_CPR": "1"}
    child = pexpect.spawn(
        program, ["agent", "--no-model"], cwd=folder, env=environ, encoding="utf-8", timeout=60, dimensions=(40, 160)
    )
    child.expect("Ctrl-D leaves")
    child.expect(PROMPT)
    return child


def test_a_question_is_answered_and_remembered_and_ctrl_d_leaves(project: Path) -> None:
    child = conversation(project)
    child.send("what failed?\r")
    child.expect("1 thing went wrong")
    child.expect(PROMPT)
    child.send("thrown away\x03")
    child.expect(PROMPT)
    child.sendeof()
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0
    history = project / ".blissful" / "agent-history"
    assert "what failed?" in history.read_text()
    assert stat.S_IMODE(history.stat().st_mode) == 0o600
    again = conversation(project)
    again.send("\x1b[A\r")
    again.expect("1 thing went wrong")
    again.close(force=True)


def test_tab_completes_a_command(project: Path) -> None:
    child = conversation(project)
    child.send("/so\t")
    child.expect("urces")
    child.send("\r")
    child.expect("process-logs +ok")
    child.close(force=True)
