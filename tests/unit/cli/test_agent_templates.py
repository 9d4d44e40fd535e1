"""`agent templates` as a user calls it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent.normalize.templates import mine
from benchmarks.log_corpus import corpus
from tests.schemas import check_against_schema
from tests.unit.cli.calling import Call, caller_in


@pytest.fixture
def call(tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Call:
    return caller_in(tmp_path, capfd, monkeypatch)


def test_templates_come_with_their_counts_the_most_frequent_first(tmp_path: Path, call: Call) -> None:
    (tmp_path / "app.log").write_text("started\n" + "".join(f"request {n} took {n * 3} ms\n" for n in range(12)))
    done = call("agent", "templates", "app.log")
    assert done.out.splitlines() == ["COUNT  TEMPLATE", "12     request <*> took <*> ms", "1      started"]


def test_json_keeps_its_schema_and_tells_the_places(tmp_path: Path, call: Call) -> None:
    (tmp_path / "a.log").write_text("started\nrequest 1 took 2 ms\n")
    (tmp_path / "b.log").write_bytes(b"request 3 took 4 ms\ncaf\xe9 opened\n")
    document = json.loads(call("agent", "templates", "a.log", "b.log", "--per-line", "-o", "json").out)
    check_against_schema("agent-templates.v1", document)
    request = document["templates"][1]
    assert (document["lines"], document["by_line"]) == (4, [0, 1, 1, 2])
    assert (request["template"], request["count"]) == ("request <*> took <*> ms", 2)
    assert (request["first"], request["last"]) == ({"file": "a.log", "line": 2}, {"file": "b.log", "line": 1})


def test_per_line_prints_the_template_of_each_line_in_order(tmp_path: Path, call: Call) -> None:
    lines = [line for line, _ in corpus("shop", 600)]
    (tmp_path / "messages").write_text("\n".join(lines) + "\n")
    mined = mine(lines)
    said = call("agent", "templates", "--per-line", "messages").out.split("\n")
    assert said == [mined.templates[index].text for index in mined.assignment] + [""]


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.binary(max_size=40).map(lambda line: line.replace(b"\n", b"")), max_size=12))
def test_per_line_prints_a_line_for_each_line_of_any_bytes(tmp_path: Path, call: Call, lines: list[bytes]) -> None:
    (tmp_path / "messages").write_bytes(b"".join(line + b"\n" for line in lines))
    program = call("agent", "templates", "--per-line", "messages")
    assert program.code == 0
    assert program.out.count("\n") == len(lines)


def test_standard_input_is_read_and_undecodable_bytes_come_out_as_they_came_in() -> None:
    program = Path(sys.executable).parent / "blissful-infra"
    said = subprocess.run(
        [program, "agent", "templates", "--per-line", "-"],
        input=b"\ncaf\xe9 opened\n\n",
        capture_output=True,
        timeout=60,
    )
    assert (said.returncode, said.stdout) == (0, b"\ncaf\xe9 opened\n\n")


def test_a_missing_file_is_wrong_usage(call: Call) -> None:
    done = call("agent", "templates", "nowhere.log")
    assert (done.code, done.out) == (2, "")
    assert "nowhere.log" in done.err
