"""How far back is looked when nobody says: to the last `up` that ended well, whatever failed since."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from blissful_infra.evidence.request import LOOK_BACK, request_for
from blissful_infra.stacks.planning import Project, read_project
from tests.unit.settings.projects import a_project

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return read_project(a_project(tmp_path))


def an_up(project: Project, minutes_ago: float, *, ok: bool, check: bool = False) -> datetime:
    """Record an `up` of one minute; when it ended."""
    began = NOW - timedelta(minutes=minutes_ago)
    ended = began + timedelta(minutes=1)
    run_id = f"{began:%Y%m%dT%H%M%SZ}-up-0a1b"
    failure = {"host": "local", "task": "t", "res": {"msg": "no"}}
    stats = {"ok": {"local": 1}, "failures": {} if ok else {"local": 1}, "dark": {}}
    events = [
        {"v": 1, "event": "playbook_on_start", "created": began.isoformat(), "event_data": {}},
        *([] if ok else [{"v": 1, "event": "runner_on_failed", "created": ended.isoformat(), "event_data": failure}]),
        {"v": 1, "event": "playbook_on_stats", "created": ended.isoformat(), "event_data": stats},
    ]
    folder = project.state_dir / "events"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{run_id}.jsonl").write_text("".join(json.dumps(event) + "\n" for event in events))
    (project.state_dir / "runs" / run_id).mkdir(parents=True)
    (project.state_dir / "runs" / run_id / "run.json").write_text(json.dumps({"v": 1, "check": check}))
    return ended


def start_of(project: Project) -> datetime:
    return request_for(project, NOW).window.since


def test_without_an_up_it_is_two_hours(project: Project) -> None:
    assert start_of(project) == NOW - LOOK_BACK


def test_what_lies_before_a_good_up_is_over(project: Project) -> None:
    an_up(project, 90, ok=False)
    assert start_of(project) == NOW - LOOK_BACK
    ended = an_up(project, 60, ok=True)
    assert start_of(project) == ended


def test_a_failed_up_leaves_that_over(project: Project) -> None:
    ended = an_up(project, 60, ok=True)
    an_up(project, 5, ok=False)
    an_up(project, 3, ok=False)
    assert start_of(project) == ended


def test_a_failed_up_long_ago_is_within(project: Project) -> None:
    an_up(project, 300, ok=False)
    assert start_of(project) == NOW - timedelta(minutes=300)


def test_one_that_only_looked_ends_nothing(project: Project) -> None:
    an_up(project, 10, ok=False)
    an_up(project, 5, ok=True, check=True)
    assert start_of(project) == NOW - LOOK_BACK
