"""What every collector keeps, the in-memory one included: equal ids, the window, the bound, no exception."""

import gc
import json
import os
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from agent.collectors.docker_logs import DockerLogs
from agent.collectors.git_commits import GitCommits
from agent.collectors.process_logs import ProcessLogs
from agent.collectors.run_events import RunEvents
from agent.collectors.service_states import ServiceStates
from agent.collectors.unreachable import Unreachable
from agent.domain import Bound, CollectedStatus, Health, ServiceState, Window
from agent.ports import Collector
from blissful_infra.stacks.docker.engine import connected
from tests.fakes import MemoryCollector, MemoryObserver
from tests.unit.agent.factories import RUN, an_event

NOW = datetime.now(UTC).replace(microsecond=0)
TIMES = [NOW - timedelta(minutes=minutes) for minutes in (50, 40, 30, 20, 10)]
EVERYTHING = Window(NOW - timedelta(hours=2), NOW + timedelta(minutes=5))


@dataclass
class Case:
    """A collector over at least three records of the last hour, and one whose source is gone."""

    there: Collector
    gone: Collector


def _memory(_folder: Path) -> Case:
    events = [an_event(at=at, offset=number) for number, at in enumerate(TIMES)]
    return Case(MemoryCollector(events), MemoryCollector(reason="switched off"))


def _process_logs(folder: Path) -> Case:
    lines = [json.dumps({"@timestamp": at.isoformat(), "log": {"level": "info"}, "message": "same"}) for at in TIMES]
    (folder / "app.log.1").write_text("\n".join(lines[:2]) + "\n")
    (folder / "app.log").write_text("\n".join(lines[2:]) + "\n")
    gone = {"app": [folder / "gone.log"]}
    return Case(ProcessLogs({"app": [folder / "app.log.1", folder / "app.log"]}, zone=UTC), ProcessLogs(gone, zone=UTC))


def _run_events(folder: Path) -> Case:
    events = folder / "events"
    events.mkdir()
    lines = [
        {"v": 1, "event": "runner_on_failed", "created": at.isoformat(), "event_data": {"host": "local", "task": "t"}}
        for at in TIMES
    ]
    (events / f"{RUN}.jsonl").write_text("\n".join(map(json.dumps, lines)) + '\n{"v":1,"event":"playb')
    return Case(RunEvents(events), RunEvents(folder / "none"))


def _git(folder: Path) -> Case:
    repository = folder / "repository"
    repository.mkdir()
    subprocess.run(["git", "init", "-q"], cwd=repository, check=True)
    for number, at in enumerate(TIMES):
        (repository / f"file{number}").write_text(str(number))
        dates = {"GIT_AUTHOR_DATE": at.isoformat(), "GIT_COMMITTER_DATE": at.isoformat()}
        subprocess.run(["git", "add", "."], cwd=repository, check=True)
        subprocess.run(["git", "commit", "-q", "-m", f"c{number}"], cwd=repository, check=True, env=os.environ | dates)
    return Case(GitCommits(repository), GitCommits(folder))


def _stack(_folder: Path) -> Case:
    states = tuple(ServiceState(name=name, health=Health.HEALTHY) for name in ("postgres", "kafka", "app"))
    return Case(ServiceStates(MemoryObserver(states), lambda: NOW), ServiceStates(MemoryObserver(None), lambda: NOW))


MAKERS: dict[str, Callable[[Path], Case]] = {
    "memory": _memory,
    "process_logs": _process_logs,
    "run_events": _run_events,
    "git_commits": _git,
    "service_states": _stack,
}


@pytest.fixture(params=[name for name in MAKERS if name != "service_states"])
def past_case(request: pytest.FixtureRequest, tmp_path: Path) -> Case:
    """Those that know the past; the stack is only ever seen as it is now."""
    return MAKERS[request.param](tmp_path)


@pytest.fixture(params=MAKERS)
def case(request: pytest.FixtureRequest, tmp_path: Path) -> Case:
    return MAKERS[request.param](tmp_path)


def test_collecting_twice_gives_the_same_events(case: Case) -> None:
    first, second = case.there.collect(EVERYTHING, Bound()), case.there.collect(EVERYTHING, Bound())
    assert first.status is CollectedStatus.OK
    assert first.source == case.there.name
    assert [event.id for event in first.records] == [event.id for event in second.records]
    assert len({event.id for event in first.records}) == len(first.records) >= 3
    assert list(first.records) == sorted(first.records, key=lambda event: event.at)


def test_the_window_is_kept(past_case: Case) -> None:
    window = Window(TIMES[1] - timedelta(seconds=5), TIMES[3] + timedelta(seconds=5))
    records = past_case.there.collect(window, Bound()).records
    assert [event.at for event in records] == TIMES[1:4]


def test_nothing_in_the_window_is_empty_and_says_what_was_looked_at(past_case: Case) -> None:
    long_ago = datetime(2001, 1, 1, tzinfo=UTC)
    found = past_case.there.collect(Window(long_ago, long_ago + timedelta(days=1)), Bound())
    assert (found.status, found.records) == (CollectedStatus.EMPTY, ())
    assert found.detail


def test_the_bound_keeps_the_newest(past_case: Case) -> None:
    everything = past_case.there.collect(EVERYTHING, Bound()).records
    assert past_case.there.collect(EVERYTHING, Bound(records=2)).records == everything[-2:]


def test_what_the_bound_leaves_out_is_said(case: Case) -> None:
    found = case.there.collect(EVERYTHING, Bound(records=2))
    assert len(found.records) == 2
    assert found.truncated
    assert not case.there.collect(EVERYTHING, Bound()).truncated


def test_a_source_that_is_gone_is_unavailable_with_a_reason(case: Case) -> None:
    found = case.gone.collect(EVERYTHING, Bound())
    assert (found.status, found.records) == (CollectedStatus.UNAVAILABLE, ())
    assert found.detail


def test_a_source_known_to_be_unreachable_is_named() -> None:
    found = Unreachable("docker-logs", "no engine answers").collect(EVERYTHING, Bound())
    assert (found.source, found.status, found.detail) == (
        "docker-logs",
        CollectedStatus.UNAVAILABLE,
        "no engine answers",
    )


@pytest.mark.filterwarnings(
    "ignore::ResourceWarning"
)  # the SDK leaves the socket of a failed connection to the collector
def test_an_engine_that_does_not_answer_is_unavailable(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/none.sock")
    found = DockerLogs({"app": "app-1"}, connected).collect(EVERYTHING, Bound())
    assert found.status is CollectedStatus.UNAVAILABLE
    assert "no Docker engine answers" in found.detail
    gc.collect()
