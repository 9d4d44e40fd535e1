"""What every source of evidence keeps: the window, the bounds, a bundle's layout, a reason instead of an exception."""

import json
import os
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from agent.collectors.bundle import investigation_of
from agent.collectors.evidence.container_logs import ContainerLogTexts
from agent.collectors.evidence.git_history import GitHistory
from agent.collectors.evidence.log_files import LogFileTexts
from agent.collectors.evidence.run_notes import RunNotes
from agent.collectors.evidence.stack_state import StackState
from agent.collectors.evidence.unreachable import UnreachableSource
from agent.domain import Bound, CollectedStatus, Health, ServiceState, Window
from agent.domain.gathered import Gathered
from agent.domain.investigation import Document
from agent.ports import EvidenceSource
from blissful_infra.stacks.docker.engine import connected
from tests.fakes import MemoryEvidence, MemoryObserver
from tests.unit.agent.factories import RUN

NOW = datetime.now(UTC).replace(microsecond=0)
TIMES = [NOW - timedelta(minutes=minutes) for minutes in (50, 40, 30, 20, 10)]
EVERYTHING = Window(NOW - timedelta(hours=2), NOW + timedelta(minutes=5))
FOLDERS = ("logs/", "ci/", "metrics/", "traces/", "kubernetes/", "git/", "notes/")
HEADER = Document("bundle.yaml", "version: 1\ntitle: t\nalert: a\n")


@dataclass
class Case:
    """A source over one thing at each of `TIMES`, marked `mark0` to `mark4`, and one whose source is gone."""

    there: EvidenceSource
    gone: EvidenceSource


def _memory(_folder: Path) -> Case:
    return Case(MemoryEvidence({at: f"mark{n}" for n, at in enumerate(TIMES)}), MemoryEvidence(reason="switched off"))


def _log_files(folder: Path) -> Case:
    lines = [json.dumps({"@timestamp": at.isoformat(), "message": f"mark{n}"}) for n, at in enumerate(TIMES)]
    (folder / "app.log.1").write_text("\n".join(lines[:2]) + "\n")
    (folder / "app.log").write_text("\n".join(lines[2:]) + "\n")
    os.utime(folder / "app.log.1", (TIMES[1].timestamp(),) * 2)
    files = {"app": [folder / "app.log.1", folder / "app.log"]}
    return Case(LogFileTexts(files, zone=UTC), LogFileTexts({"app": [folder / "gone.log"]}, zone=UTC))


def _run_notes(folder: Path) -> Case:
    events = folder / "events"
    events.mkdir()
    lines = [
        {
            "v": 1,
            "event": "runner_on_failed",
            "created": at.isoformat(),
            "event_data": {"host": "local", "task": "t", "res": {"msg": f"mark{n}"}},
        }
        for n, at in enumerate(TIMES)
    ]
    (events / f"{RUN}.jsonl").write_text("\n".join(map(json.dumps, lines)) + '\n{"v":1,"event":"playb')
    return Case(RunNotes(events), RunNotes(folder / "none"))


def _git(folder: Path) -> Case:
    repository = folder / "repository"
    repository.mkdir()
    subprocess.run(["git", "init", "-q"], cwd=repository, check=True)
    for number, at in enumerate(TIMES):
        (repository / f"file{number}").write_text("content\n")
        dates = {"GIT_AUTHOR_DATE": at.isoformat(), "GIT_COMMITTER_DATE": at.isoformat()}
        subprocess.run(["git", "add", "."], cwd=repository, check=True)
        subprocess.run(
            ["git", "commit", "-q", "-m", f"mark{number}"], cwd=repository, check=True, env=os.environ | dates
        )
    return Case(GitHistory(repository), GitHistory(folder))


def _stack(_folder: Path) -> Case:
    states = tuple(ServiceState(name=f"mark{n}", health=Health.HEALTHY) for n in range(5))
    return Case(StackState(MemoryObserver(states), lambda: NOW), StackState(MemoryObserver(None), lambda: NOW))


MAKERS: dict[str, Callable[[Path], Case]] = {
    "memory": _memory,
    "log_files": _log_files,
    "run_notes": _run_notes,
    "git_history": _git,
    "stack_state": _stack,
}


@pytest.fixture(params=[name for name in MAKERS if name != "stack_state"])
def past_case(request: pytest.FixtureRequest, tmp_path: Path) -> Case:
    """Those that know the past; the stack is only ever seen as it is now."""
    return MAKERS[request.param](tmp_path)


@pytest.fixture(params=MAKERS)
def case(request: pytest.FixtureRequest, tmp_path: Path) -> Case:
    return MAKERS[request.param](tmp_path)


def marks_in(found: Gathered) -> list[int]:
    """The numbers of the marks, in the order of their documents."""
    text = "\n".join(document.text for document in found.documents)
    return [number for number in range(len(TIMES)) if f"mark{number}" in text]


def octets_of(found: Gathered) -> int:
    return sum(len(document.text.encode()) for document in found.documents)


def test_documents_are_in_the_layout_and_are_read_without_a_gap(case: Case) -> None:
    found = case.there.gather(EVERYTHING, Bound())
    assert (found.status, found.source) == (CollectedStatus.OK, case.there.name)
    assert marks_in(found) == [0, 1, 2, 3, 4]
    assert all(document.path.startswith(FOLDERS) for document in found.documents)
    assert len({document.path for document in found.documents}) == len(found.documents)
    assert found.detail
    assert investigation_of([HEADER, *found.documents]).gaps == ()


def test_gathering_twice_gives_the_same(case: Case) -> None:
    assert case.there.gather(EVERYTHING, Bound()) == case.there.gather(EVERYTHING, Bound())


def test_the_window_is_kept(past_case: Case) -> None:
    window = Window(TIMES[1] - timedelta(seconds=5), TIMES[3] + timedelta(seconds=5))
    assert marks_in(past_case.there.gather(window, Bound())) == [1, 2, 3]


def test_nothing_in_the_window_is_empty_and_says_what_was_looked_at(case: Case) -> None:
    long_ago = datetime(2001, 1, 1, tzinfo=UTC)
    found = case.there.gather(Window(long_ago, long_ago + timedelta(days=1)), Bound())
    assert (found.status, found.documents) == (CollectedStatus.EMPTY, ())
    assert found.detail


def test_the_bound_keeps_the_newest_and_says_so(past_case: Case) -> None:
    found = past_case.there.gather(EVERYTHING, Bound(records=2))
    assert marks_in(found) == [3, 4]
    assert found.truncated
    assert not past_case.there.gather(EVERYTHING, Bound()).truncated


@pytest.mark.parametrize("most", [1, 150, 400, 1000])
def test_the_bound_in_bytes_is_kept(case: Case, most: int) -> None:
    everything = case.there.gather(EVERYTHING, Bound())
    found = case.there.gather(EVERYTHING, Bound(octets=most))
    assert octets_of(found) <= most
    assert found.truncated == (octets_of(everything) > octets_of(found))


def test_a_source_that_is_gone_is_unavailable_with_a_reason(case: Case) -> None:
    found = case.gone.gather(EVERYTHING, Bound())
    assert (found.status, found.documents) == (CollectedStatus.UNAVAILABLE, ())
    assert found.detail


def test_a_source_known_to_be_unreachable_is_named() -> None:
    found = UnreachableSource("logs", "no engine answers").gather(EVERYTHING, Bound())
    assert (found.source, found.status, found.detail) == ("logs", CollectedStatus.UNAVAILABLE, "no engine answers")


@pytest.mark.filterwarnings("ignore::ResourceWarning")  # the SDK leaves the socket of a failed connection behind
def test_an_engine_that_does_not_answer_is_unavailable(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import gc

    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/none.sock")
    found = ContainerLogTexts({"app": "app-1"}, connected).gather(EVERYTHING, Bound())
    assert found.status is CollectedStatus.UNAVAILABLE
    assert "no Docker engine answers" in found.detail
    gc.collect()
