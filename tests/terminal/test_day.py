"""A day with a stack, without a terminal: what is written where, and the exit codes."""

import json
import re
from pathlib import Path

import pytest

from tests.schemas import check_against_schema
from tests.terminal.toy import a_toy, run

pytestmark = pytest.mark.slow


def test_up_status_up_again_and_down(toy: Path) -> None:
    before = run(toy, "up", "--dry-run")
    assert re.search(r"Would start of toy \(runtime: process; .*\): Redis, Application\.", before.stderr)
    assert run(toy, "status", "-o", "json").stdout.count('"stopped"') == 3

    up = run(toy, "up")
    assert (up.returncode, up.stdout) == (0, "")
    lines = up.stderr.splitlines()
    assert re.fullmatch(r"Starting toy \(runtime: process; asked for by blissful-infra\.yaml:2\)", lines[0])
    assert re.search(r"^✓ Redis ready {6,}\d\.\ds$", up.stderr, re.MULTILINE)
    assert re.search(r"^✓ Application ready +\d+\.\ds    http://localhost:\d+$", up.stderr, re.MULTILINE)

    status = run(toy, "status")
    rows = {row.split()[0]: row.split() for row in status.stdout.splitlines()[1:]}
    assert rows["Application"][1:3] == ["healthy", "0.1.0"]
    document = json.loads(run(toy, "status", "-o", "json").stdout)
    check_against_schema("status.v1", document)
    assert document["stacks"][0]["health"] == "healthy"
    assert [stack["name"] for stack in json.loads(run(toy, "status", "--all", "-o", "json").stdout)["stacks"]] == [
        "toy"
    ]

    again = run(toy, "up", "-o", "json")
    document = json.loads(again.stdout)
    check_against_schema("up.v1", document)
    assert (document["changed"], document["ready_s"]) == (False, {"redis": 0.0, "app": 0.0})

    would = run(toy, "down", "--dry-run")
    assert "Would stop: " in would.stderr
    assert json.loads(run(toy, "status", "-o", "json").stdout)["stacks"][0]["health"] == "healthy"

    down = run(toy, "down", "-o", "json")
    document = json.loads(down.stdout)
    check_against_schema("down.v1", document)
    assert set(document["stopped"]) == {"redis", "app"}
    assert "Stopped." in down.stderr.splitlines()
    assert run(toy, "down").stderr.splitlines() == ["Stopped.", "Nothing was running."]


def test_a_service_that_dies_is_explained(toy: Path) -> None:
    a_toy(toy, fate="dies")
    done = run(toy, "up")
    assert done.returncode == 6
    lines = done.stderr.splitlines()
    (at,) = (index for index, line in enumerate(lines) if line.startswith("error["))
    assert lines[at].startswith("error[service-failed]: Application failed: ")
    assert "  still running: redis" in lines[at:]
    tail = [line for line in lines if line.startswith("  | ")]
    assert len(tail) == 20
    assert tail[-1] == "  | the moon is out of reach"
    assert lines[-1].startswith("  hint: ")


def test_data_is_not_deleted_unasked(toy: Path) -> None:
    done = run(toy, "down", "--volumes")
    assert done.returncode == 2
    assert "blissful-infra down --volumes --yes" in done.stderr
