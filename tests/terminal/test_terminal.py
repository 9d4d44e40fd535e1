"""What a person sees on a terminal: the live line, Ctrl-C, questions, colour."""

import json
import signal
import time
from pathlib import Path
from typing import Any

import pexpect
import pytest

from tests.terminal.toy import PROGRAM, a_toy, plain, run, spawn

pytestmark = pytest.mark.slow

ESCAPE = "\x1b["


def on_a_terminal(words: str, folder: Path, environ: dict[str, str]) -> tuple[str, int]:
    """What the command writes there, and its exit code."""
    command = f"{PROGRAM} {words}"
    done: Any = pexpect.run(command, cwd=str(folder), env=environ, encoding="utf-8", withexitstatus=True)
    text, code = done
    return text, code


def health(folder: Path) -> str:
    stack = json.loads(run(folder, "status", "-o", "json").stdout)["stacks"][0]
    return str(stack["health"])


def test_a_live_line_names_what_is_waited_for_and_goes_away(toy: Path) -> None:
    a_toy(toy, starts_in=2)
    child = spawn(toy, "up")
    child.expect("waiting for Redis, Application")
    child.expect("Redis ready")
    child.expect("waiting for Application")
    child.expect("Application ready")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0
    assert "waiting for" not in plain(str(child.before)).splitlines()[-1]


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupt_says_so_at_once_and_undoes(toy: Path, sent: signal.Signals, code: int) -> None:
    a_toy(toy, starts_in=60)
    child = spawn(toy, "up")
    child.expect("waiting for Application")
    began = time.monotonic()
    child.kill(sent)
    child.expect("Interrupted: undoing")
    assert time.monotonic() - began < 3
    child.expect(r"Undone: stopped .*app.*; still running: nothing\.")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == code
    assert health(toy) == "stopped"


def test_an_interrupt_before_anything_started_leaves_nothing(toy: Path) -> None:
    child = spawn(toy, "up")
    child.expect("waiting for")
    child.sendintr()
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 130
    assert health(toy) == "stopped"


def test_a_second_interrupt_does_not_wait(toy: Path) -> None:
    a_toy(toy, starts_in=60)
    child = spawn(toy, "up")
    child.expect("waiting for Application")
    child.sendintr()
    child.expect("Interrupted: undoing")
    child.sendintr()
    child.expect("Left as it is; `blissful-infra status` shows it")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 130
    assert "interrupted" in run(toy, "status").stderr
    assert run(toy, "down").returncode == 0, "the playbook went on by itself"


def test_an_interrupted_up_is_continued_by_the_next(toy: Path) -> None:
    a_toy(toy, starts_in=2)
    child = spawn(toy, "up")
    child.expect("waiting for Application")
    child.sendintr()
    child.expect(pexpect.EOF)
    child.close()
    assert run(toy, "up").returncode == 0
    assert health(toy) == "healthy"


def test_deleting_data_is_asked_for(toy: Path) -> None:
    assert run(toy, "up").returncode == 0
    child = spawn(toy, "down", "--volumes")
    child.expect(r"This deletes the local data of toy")
    child.expect(r"Delete it\? \[y/N\]")
    child.sendline("n")
    child.expect("Nothing was changed.")
    child.expect(pexpect.EOF)
    child.close()
    assert (child.exitstatus, health(toy)) == (0, "healthy")
    child = spawn(toy, "down", "--volumes")
    child.expect(r"Delete it\?")
    child.sendline("y")
    child.expect("The data is deleted.")
    child.expect(pexpect.EOF)
    child.close()
    assert (child.exitstatus, health(toy)) == (0, "stopped")


@pytest.mark.parametrize(
    ("variables", "coloured"),
    [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)],
    ids=["terminal", "NO_COLOR", "dumb"],
)
def test_help_is_coloured_on_terminals_that_want_it(tmp_path: Path, variables: dict[str, str], coloured: bool) -> None:
    environ = {"TERM": "xterm-256color", "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"} | variables
    text, code = on_a_terminal("--help", tmp_path, environ)
    assert code == 0
    assert "Look after" in text
    assert (ESCAPE in text) is coloured


def test_a_dumb_terminal_gets_lines_only(toy: Path) -> None:
    environ = {"TERM": "dumb", "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}
    for name in ("XDG_STATE_HOME", "XDG_CONFIG_HOME"):
        environ[name] = str(toy / "xdg" / name)
    text, code = on_a_terminal("up --dry-run", toy, environ)
    assert code == 0
    assert ESCAPE not in text
    assert "Would start of toy" in text
