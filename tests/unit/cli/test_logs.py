"""`logs` over the files of the process runtime, as a user calls it."""

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.schemas import check_against_schema
from tests.unit.cli.calling import Call, caller_in
from tests.unit.settings.projects import a_project


@pytest.fixture
def project(tmp_path: Path) -> Path:
    a_project(tmp_path)
    logs = tmp_path / ".blissful" / "logs"
    logs.mkdir(parents=True)
    (logs / "app.log.1").write_text(a_line("00", "info", "started"))
    lines = a_line("01", "warn", "slow", trace="t1") + a_line("03", "error", "timed out", trace="t2")
    (logs / "app.log").write_text(lines)
    (logs / "postgres.log").write_text("2026-01-01 12:00:02.000 UTC [7] FATAL:  no pg_hba.conf entry\n")
    return tmp_path


@pytest.fixture
def call(project: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Call:
    return caller_in(project, capfd, monkeypatch)


def a_line(second: str, level: str, message: str, trace: str = "t0") -> str:
    at = f"2026-01-01T12:00:{second}Z"
    return json.dumps({"@timestamp": at, "log": {"level": level}, "message": message, "trace": {"id": trace}}) + "\n"


def shown(call: Call, *arguments: str) -> list[str]:
    done = call("logs", *arguments, "-o", "json")
    assert done.code == 0, done.err
    documents = [json.loads(line) for line in done.out.splitlines()]
    for document in documents:
        check_against_schema("logs.v1", document)
    return [document["message"] for document in documents]


def test_services_and_rotated_files_are_merged_by_time(call: Call) -> None:
    assert shown(call) == ["started", "slow", "no pg_hba.conf entry", "timed out"]


@pytest.mark.parametrize(
    ("arguments", "messages"),
    [
        (["postgres"], ["no pg_hba.conf entry"]),
        (["--level", "error"], ["no pg_hba.conf entry", "timed out"]),
        (["--grep", "TIMED? out"], ["timed out"]),
        (["--trace", "t1"], ["slow"]),
        (["--tail", "2"], ["no pg_hba.conf entry", "timed out"]),
        (["--tail", "0"], []),
        (["--since", "2026-01-01T12:00:02Z"], ["no pg_hba.conf entry", "timed out"]),
        (["--until", "2026-01-01T12:00:01Z"], ["started", "slow"]),
        (["--since", "15m"], []),
    ],
)
def test_filters(call: Call, arguments: list[str], messages: list[str]) -> None:
    assert shown(call, *arguments) == messages


def test_people_get_lines_without_colour_where_nobody_looks(call: Call) -> None:
    done = call("logs", "app", "--level", "warn", TZ="UTC")
    assert done.out.splitlines() == [
        "2026-01-01 12:00:01.000  app  WARN   slow",
        "2026-01-01 12:00:03.000  app  ERROR  timed out",
    ]
    assert "\x1b[31mERROR\x1b[0m" in call("logs", "app", FORCE_COLOR="1").out


def test_what_a_service_writes_cannot_act_on_the_terminal(project: Path, call: Call) -> None:
    (project / ".blissful" / "logs" / "app.log").write_bytes(b"\x1b]0;owned\x07\x1b[2Jhello\x9b\x00\xff\n")
    out = call("logs", "app", "--tail", "1").out
    assert "hello" in out
    assert not any(letter in out for letter in "\x1b\x07\x9b\x00")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["ap"], "did you mean 'app'?"),
        (["--since", "yesterday"], "--since 15m"),
        (["--grep", "("], "no regular expression"),
        (["--follow", "--until", "1m"], "exclude each other"),
        (["--level", "loud"], "loud"),
    ],
)
def test_wrong_usage_is_exit_2_with_a_hint(call: Call, arguments: list[str], words: str) -> None:
    done = call("logs", *arguments)
    assert (done.code, done.out) == (2, "")
    assert words in done.err


def test_no_logs_is_said_on_stderr(project: Path, call: Call) -> None:
    shutil.rmtree(project / ".blissful")
    done = call("logs")
    assert (done.code, done.out) == (0, "")
    assert "blissful-infra up" in done.err


def test_follow_streams_what_comes_and_ends_quietly_with_ctrl_c(project: Path) -> None:
    log = project / ".blissful" / "logs" / "app.log"
    command: list[str | Path] = [
        Path(sys.executable).parent / "blissful-infra",
        "logs",
        "app",
        "-f",
        "--tail",
        "1",
        "-o",
        "json",
    ]
    with subprocess.Popen(command, cwd=project, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as following:
        assert following.stdout is not None
        assert following.stderr is not None
        assert json.loads(following.stdout.readline())["message"] == "timed out"
        with log.open("a") as file:
            file.write(a_line("05", "info", "more"))
        assert json.loads(following.stdout.readline())["message"] == "more"
        log.rename(log.with_suffix(".log.1"))
        log.write_text(a_line("06", "info", "after rotation"))
        assert json.loads(following.stdout.readline())["message"] == "after rotation"
        following.send_signal(signal.SIGINT)
        assert following.wait(10) == 130
        assert following.stderr.read() == ""


def test_a_reader_that_leaves_early_is_no_error(project: Path) -> None:
    with (project / ".blissful" / "logs" / "app.log").open("a") as file:
        file.writelines(a_line("07", "info", str(number)) for number in range(20_000))
    read, write = os.pipe()
    command: list[str | Path] = [Path(sys.executable).parent / "blissful-infra", "logs"]
    with subprocess.Popen(command, cwd=project, stdout=write, stderr=subprocess.PIPE) as printing:
        os.close(write)
        os.read(read, 100)
        os.close(read)
        assert printing.stderr is not None
        assert printing.stderr.read() == b""
        assert printing.wait(30) == 0


@pytest.mark.skipif(sys.platform != "linux", reason="peak memory is read from /proc")
def test_memory_stays_bounded(project: Path) -> None:
    block = "".join(a_line("08", "info", "m" * 5_000) for _ in range(1_000))
    with (project / ".blissful" / "logs" / "app.log").open("a") as file:
        for _ in range(30):
            file.write(block)
    # Not `ru_maxrss`: that one counts what the test runner held before it started this process.
    script = (
        "import sys; from pathlib import Path; from blissful_infra.cli import run; run(sys.argv[1:]);"
        "lines = Path('/proc/self/status').read_text().splitlines();"
        "print(next(line.split()[1] for line in lines if line.startswith('VmHWM')), file=sys.stderr)"
    )
    command = [sys.executable, "-c", script, "logs", "--level", "error"]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=True)
    assert done.stdout.count("\n") == 2
    assert int(done.stderr.split()[-1]) < 60_000
