"""The program as a person runs it: real processes, their streams and their exit codes."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from tests.unit.settings.projects import a_project

PROGRAMS = ("blissful-infra", "blissful")
ESCAPE = "\x1b["


def run(
    *arguments: str, cwd: Path, program: str = "blissful-infra", **variables: str
) -> subprocess.CompletedProcess[str]:
    environ = {name: value for name, value in os.environ.items() if name not in {"NO_COLOR", "FORCE_COLOR"}} | variables
    executable = Path(sys.executable).parent / program
    return subprocess.run(
        [executable, *arguments], cwd=cwd, env=environ, capture_output=True, text=True, check=False, timeout=60
    )


@pytest.mark.parametrize("program", PROGRAMS)
def test_both_names_are_one_program(tmp_path: Path, program: str) -> None:
    done = run("--version", cwd=tmp_path, program=program)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("blissful-infra ")


def test_no_arguments_show_the_help(tmp_path: Path) -> None:
    done = run(cwd=tmp_path)
    assert done.returncode == 0
    assert done.stdout == run("--help", cwd=tmp_path).stdout


def test_help_leads_with_examples_and_groups_the_commands(tmp_path: Path) -> None:
    text = run("--help", cwd=tmp_path).stdout
    assert text.index("Examples:") < text.index("Options:") < text.index("Work:")
    assert [line for line in ("Start:", "Work:", "Explain:", "Look after:") if line not in text.splitlines()] == []
    assert ESCAPE not in text


def test_help_imports_nothing_heavy(tmp_path: Path) -> None:
    script = tmp_path / "show.py"
    script.write_text(
        textwrap.dedent("""
        import sys
        from blissful_infra.cli import run
        assert run(["--help"]) == 0
        heavy = {"pydantic", "rich", "ruamel", "ansible", "docker", "httpx", "copier", "psutil", "orjson", "yaml"}
        print(sorted(heavy.intersection(sys.modules)), file=sys.stderr)
        """)
    )
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"


def test_an_unknown_command_names_the_nearest(tmp_path: Path) -> None:
    done = run("statsu", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.splitlines() == [
        "error[wrong-usage]: No such command 'statsu'. Did you mean 'status'?",
        "  hint: blissful-infra --help",
    ]


def test_an_unknown_option_names_the_nearest(tmp_path: Path) -> None:
    done = run("status", "--outptu", "json", cwd=tmp_path)
    assert done.returncode == 2
    assert "No such option '--outptu'" in done.stderr
    assert "--output" in done.stderr
    assert "hint: blissful-infra status --help" in done.stderr


@pytest.mark.parametrize("arguments", [("stat",), ("config", "val"), ("status", "--al")])
def test_abbreviations_are_refused(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    a_project(tmp_path)
    assert run(*arguments, cwd=tmp_path).returncode == 2


def test_outside_a_project_the_error_names_the_way_in(tmp_path: Path) -> None:
    done = run("status", cwd=tmp_path)
    assert done.returncode == 3
    assert done.stderr.splitlines()[0].startswith("error[no-project]: no blissful-infra.yaml in ")
    assert "hint: go to a project's folder, or make one with `blissful-infra create`" in done.stderr


def test_an_invalid_project_is_shown_whole(tmp_path: Path) -> None:
    a_project(tmp_path, ("runtime: auto", "runtime: nope"), ("port: 8080", "port: 0"))
    done = run("status", cwd=tmp_path)
    assert done.returncode == 3
    assert done.stderr.splitlines()[0] == "error[invalid-configuration]: blissful-infra.yaml has 2 problems"
    assert "Traceback" not in done.stderr


def test_forced_colour_colours_and_no_color_wins(tmp_path: Path) -> None:
    assert ESCAPE in run("nope", cwd=tmp_path, FORCE_COLOR="1").stderr
    assert ESCAPE in run("--help", cwd=tmp_path, FORCE_COLOR="1").stdout
    for plain in (
        run("nope", cwd=tmp_path, FORCE_COLOR="1", NO_COLOR="1"),
        run("--no-color", "nope", cwd=tmp_path, FORCE_COLOR="1"),
        run("nope", cwd=tmp_path),
    ):
        assert ESCAPE not in plain.stderr


def test_a_closed_pipe_is_quiet(tmp_path: Path) -> None:
    program = Path(sys.executable).parent / "blissful-infra"
    done = subprocess.run(
        ["bash", "-c", f"{program} config schema | head -1"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.stderr) == ("{\n", "")


def test_a_deleted_folder_is_told(tmp_path: Path) -> None:
    program = Path(sys.executable).parent / "blissful-infra"
    script = f"mkdir gone && cd gone && rmdir ../gone && {program} status"
    done = subprocess.run(["bash", "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.splitlines()[-2:] == [
        "error[wrong-usage]: the folder you are in was deleted",
        "  hint: cd to another one",
    ]


def test_a_closed_stdout_is_no_bug(tmp_path: Path) -> None:
    program = Path(sys.executable).parent / "blissful-infra"
    done = subprocess.run(
        ["bash", "-c", f"{program} nope >&-"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "error[wrong-usage]" in done.stderr


BROKEN = """
import sys
import blissful_infra.stacks.status as status
from blissful_infra.cli import main
import blissful_infra.settings.reading as reading
del reading.find_project
sys.argv = ["blissful-infra", "status", *sys.argv[1:]]
main()
"""
"""The program with a bug in it: `status` no longer finds a function that it imports."""


def broken(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", BROKEN, *arguments], cwd=folder, capture_output=True, text=True, check=False, timeout=60
    )


def test_a_bug_exits_1_and_keeps_its_traceback_in_the_project(tmp_path: Path) -> None:
    a_project(tmp_path)
    done = broken(tmp_path)
    assert done.returncode == 1
    assert "error[internal]: this is a bug in blissful-infra: ImportError" in done.stderr
    assert "Traceback" not in done.stderr
    (kept,) = (tmp_path / ".blissful" / "crashes").iterdir()
    assert str(kept) in done.stderr
    assert "Traceback" in kept.read_text()
    assert kept.stat().st_mode & 0o777 == 0o600


def test_outside_a_project_the_traceback_is_kept_in_the_machines_state(tmp_path: Path) -> None:
    done = broken(tmp_path)
    assert done.returncode == 1
    assert list(tmp_path.iterdir()) == []
    assert f"traceback: {os.environ['XDG_STATE_HOME']}" in done.stderr


def test_debug_shows_the_traceback_behind_any_command(tmp_path: Path) -> None:
    assert "Traceback" in broken(tmp_path, "--debug").stderr


WAITING = """
import sys
import time
import click
from blissful_infra.cli import main, root

@click.command()
def wait():
    print("waiting", flush=True)
    time.sleep(30)

root.entries["status"] = type("Entry", (), {"load": lambda self: wait})()
sys.argv = ["blissful-infra", "status"]
main()
"""


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_signals_have_their_exit_codes(tmp_path: Path, sent: signal.Signals, code: int) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", WAITING], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "waiting\n"
    began = time.monotonic()
    process.send_signal(sent)
    _, err = process.communicate(timeout=10)
    assert process.returncode == code
    assert "Traceback" not in err
    assert time.monotonic() - began < 5
