"""What a run's record comes to, in the shape in which runs write it."""

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.domain import Event, Severity
from agent.normalize.run_event import run_event, verb_of
from tests.unit.agent.factories import RUN


def read(**record: Any) -> Event | None:
    line = orjson.dumps({"v": 1, "created": "2026-01-01T12:00:00.5+00:00", **record})
    return run_event(line, source="run-events", run_id=RUN, place="x:1")


def test_a_failed_task_keeps_its_message_task_and_run() -> None:
    result = {"msg": "Port 5432 is taken", "stderr": "bind: in use"}
    event = read(event="runner_on_failed", event_data={"task": "Start", "host": "local", "res": result})
    assert event is not None
    assert (event.kind, event.subject, event.severity) == ("task.failed", "local", Severity.ERROR)
    assert (event.message, event.run_id) == ("Port 5432 is taken", RUN)
    assert event.attrs == {"verb": "up", "task": "Start", "stderr": "bind: in use"}


def test_an_ignored_failure_is_a_warning() -> None:
    event = read(event="runner_on_failed", event_data={"ignore_errors": True, "res": {"msg": ["a", "b"]}})
    assert event is not None
    assert (event.severity, event.message) == (Severity.WARN, '["a","b"]')


@pytest.mark.parametrize(("failures", "ok"), [({}, True), ({"local": 1}, False)])
def test_the_end_says_whether_it_ended_well(failures: dict[str, int], ok: bool) -> None:
    event = read(event="playbook_on_stats", event_data={"failures": failures, "dark": {}})
    assert event is not None
    assert (event.kind, event.attrs["ok"]) == ("run.finished", ok)


@pytest.mark.parametrize(("state", "severity"), [("ready", Severity.INFO), ("failed", Severity.ERROR)])
def test_progress_of_a_service_is_an_event_of_it(state: str, severity: Severity) -> None:
    event = read(event="service", service="kafka", title="Kafka", state=state, after_s=6.1, detail="why")
    assert event is not None
    assert (event.kind, event.subject, event.severity) == (f"service.{state}", "kafka", severity)
    assert event.message == f"kafka {state}: why"


@pytest.mark.parametrize(
    "record", [{"event": "runner_on_ok"}, {"event": "notice"}, {"event": "service"}, {"created": None}]
)
def test_what_says_nothing_of_its_own_is_passed_over(record: dict[str, Any]) -> None:
    assert read(**record) is None


@given(st.binary(max_size=100))
def test_torn_and_foreign_lines_are_passed_over(line: bytes) -> None:
    assert run_event(line, source="s", run_id="r", place="p") is None


def test_the_verb_stands_in_the_run_id() -> None:
    assert (verb_of(RUN), verb_of("hello")) == ("up", "")
