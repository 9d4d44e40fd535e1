"""What every source of evidence keeps: the window, the bounds, a bundle's layout, a reason instead of an exception."""

import json
import os
import subprocess
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from agent.collectors.bundle import investigation_of
from agent.collectors.evidence.argocd import ArgoApplications
from agent.collectors.evidence.chaos_mesh import ChaosExperiments
from agent.collectors.evidence.container_logs import ContainerLogTexts
from agent.collectors.evidence.git_history import GitHistory
from agent.collectors.evidence.http import Server
from agent.collectors.evidence.jenkins import Jenkins
from agent.collectors.evidence.kubectl import Kubectl
from agent.collectors.evidence.kubernetes import KubernetesObjects
from agent.collectors.evidence.log_files import LogFileTexts
from agent.collectors.evidence.loki import Loki
from agent.collectors.evidence.prometheus import Prometheus
from agent.collectors.evidence.run_notes import RunNotes
from agent.collectors.evidence.stack_state import StackState
from agent.collectors.evidence.unreachable import UnreachableSource
from agent.domain import Bound, CollectedStatus, Health, ServiceState, Window
from agent.domain.gathered import Gathered
from agent.domain.investigation import Document
from agent.ports import EvidenceSource
from blissful_infra.stacks.docker.engine import connected
from tests.engines.jenkins import JenkinsStandIn
from tests.engines.kubectl import a_kubectl, a_list, a_pod
from tests.engines.loki import push
from tests.engines.prometheus import prometheus
from tests.fakes import MemoryEvidence, MemoryObserver
from tests.unit.agent.factories import RUN

NOW = datetime.now(UTC).replace(microsecond=0)
TIMES = [NOW - timedelta(minutes=minutes) for minutes in (50, 40, 30, 20, 10)]
EVERYTHING = Window(NOW - timedelta(hours=2), NOW + timedelta(minutes=5))
FOLDERS = ("logs/", "ci/", "metrics/", "traces/", "kubernetes/", "git/", "notes/")
HEADER = Document("bundle.yaml", "version: 1\ntitle: t\nalert: a\n")


@dataclass
class Case:
    """A source over one thing at each of `TIMES`, told apart by `mark`, and one whose source is gone."""

    there: EvidenceSource
    gone: EvidenceSource
    mark: str = "mark{}"

    def marks_in(self, found: Gathered) -> list[int]:
        """The numbers of the things found."""
        text = "\n".join(document.text for document in found.documents)
        return [number for number in range(len(TIMES)) if self.mark.format(number) in text]


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


def _kubernetes(folder: Path) -> Case:
    lines = "".join(f"{at.isoformat().replace('+00:00', '.5Z')} mark{n}\n" for n, at in enumerate(TIMES))
    recordings = {
        "get pods --output=json": a_list(a_pod("web-1")),
        "get events --output=json": a_list(),
        "get pods --output=wide": "NAME    READY   STATUS    RESTARTS   AGE\nweb-1   1/1     Running   0          5m\n",
        "logs web-1 --container=app": lines,
    }
    there = Kubectl("here", "shop", command=a_kubectl(folder / "there", recordings))
    gone = Kubectl("here", "shop", command=a_kubectl(folder / "gone", {}))
    return Case(KubernetesObjects(there, lambda: NOW), KubernetesObjects(gone, lambda: NOW))


def _stamp(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def _argocd(folder: Path) -> Case:
    history = [{"deployedAt": _stamp(at), "revision": f"mark{n}"} for n, at in enumerate(TIMES)]
    status = {"sync": {"status": "Synced", "revision": "mark4"}, "health": {"status": "Healthy"}, "history": history}
    application = {"metadata": {"name": "shop"}, "spec": {"destination": {"namespace": "shop"}}, "status": status}
    asked = "get applications.argoproj.io --all-namespaces --output=json"
    there = Kubectl("here", "shop", command=a_kubectl(folder / "there", {asked: a_list(application)}))
    gone = Kubectl("here", "shop", command=str(folder / "no-kubectl"))
    return Case(ArgoApplications(there, lambda: NOW), ArgoApplications(gone, lambda: NOW))


def _chaos_mesh(folder: Path) -> Case:
    events = [
        {"timestamp": _stamp(at), "operation": "Apply", "type": "Succeeded", "message": f"mark{n}"}
        for n, at in enumerate(TIMES)
    ]
    experiment = {
        "kind": "NetworkChaos",
        "metadata": {"name": "slow-db", "creationTimestamp": "2020-01-01T00:00:00Z"},
        "spec": {"action": "delay"},
        "status": {"experiment": {"containerRecords": [{"id": "shop/db-0", "events": events}]}},
    }
    recordings = {"get podchaos.chaos-mesh.org --output=json": a_list()}
    recordings["get networkchaos.chaos-mesh.org --output=json"] = a_list(experiment)
    there = Kubectl("here", "shop", command=a_kubectl(folder / "there", recordings))
    return Case(ChaosExperiments(there), ChaosExperiments(Kubectl("here", "shop", command=str(folder / "no-kubectl"))))


def _jenkins(_folder: Path) -> Case:
    builds = [
        {
            "number": n + 1,
            "result": "SUCCESS",
            "timestamp": int(at.timestamp() * 1000),
            "duration": 5000,
            "actions": [{"lastBuiltRevision": {"SHA1": f"mark{n}"}}],
        }
        for n, at in enumerate(TIMES)
    ]
    url = STARTED.enter_context(JenkinsStandIn("team/shop", builds)).url
    return Case(Jenkins(Server("jenkins", url), "team/shop"), Jenkins(Server("jenkins", NOBODY), "team/shop"))


def _prometheus(folder: Path) -> Case:
    running = prometheus(
        folder / "p", {'process_resident_memory_bytes{job="app"}': {at: 7_531_000 + n for n, at in enumerate(TIMES)}}
    )
    url = STARTED.enter_context(running)
    gone = Prometheus(Server("prometheus", NOBODY), ["app"])
    return Case(Prometheus(Server("prometheus", url), ["app"]), gone, mark="753100{}")


def _loki(_folder: Path) -> Case:
    url = os.environ["BLISSFUL_TEST_LOKI"]
    service = f"app-{uuid.uuid4().hex[:8]}"
    push(url, service, {at: f"mark{n}" for n, at in enumerate(TIMES)})
    return Case(Loki(Server("loki", url), [service]), Loki(Server("loki", NOBODY), [service]))


MAKERS: dict[str, Callable[[Path], Case]] = {
    "memory": _memory,
    "log_files": _log_files,
    "run_notes": _run_notes,
    "git_history": _git,
    "stack_state": _stack,
    "kubernetes": _kubernetes,
    "argocd": _argocd,
    "chaos_mesh": _chaos_mesh,
    "jenkins": _jenkins,
    "prometheus": _prometheus,
    "loki": _loki,
}
MARKS = {"prometheus": [pytest.mark.needs_prometheus], "loki": [pytest.mark.needs_loki]}
ALL = [pytest.param(name, marks=MARKS.get(name, [])) for name in MAKERS]
PAST = [pytest.param(name, marks=MARKS.get(name, [])) for name in MAKERS if name != "stack_state"]
STARTED = ExitStack()
NOBODY = "http://127.0.0.1:9"


@pytest.fixture(autouse=True)
def stopped() -> Iterator[None]:
    """Servers that a case started end with its test."""
    with STARTED:
        yield


@pytest.fixture(params=PAST)
def past_case(request: pytest.FixtureRequest, tmp_path: Path) -> Case:
    """Those that know the past; the stack is only ever seen as it is now."""
    return MAKERS[request.param](tmp_path)


@pytest.fixture(params=ALL)
def case(request: pytest.FixtureRequest, tmp_path: Path) -> Case:
    return MAKERS[request.param](tmp_path)


def octets_of(found: Gathered) -> int:
    return sum(len(document.text.encode()) for document in found.documents)


def test_documents_are_in_the_layout_and_are_read_without_a_gap(case: Case) -> None:
    found = case.there.gather(EVERYTHING, Bound())
    assert (found.status, found.source) == (CollectedStatus.OK, case.there.name)
    assert case.marks_in(found) == [0, 1, 2, 3, 4]
    assert all(document.path.startswith(FOLDERS) for document in found.documents)
    assert len({document.path for document in found.documents}) == len(found.documents)
    assert found.detail
    assert investigation_of([HEADER, *found.documents]).gaps == ()


def test_gathering_twice_gives_the_same(case: Case) -> None:
    assert case.there.gather(EVERYTHING, Bound()) == case.there.gather(EVERYTHING, Bound())


def test_the_window_is_kept(past_case: Case) -> None:
    window = Window(TIMES[1] - timedelta(seconds=5), TIMES[3] + timedelta(seconds=5))
    assert past_case.marks_in(past_case.there.gather(window, Bound())) == [1, 2, 3]


def test_nothing_in_the_window_is_empty_and_says_what_was_looked_at(case: Case) -> None:
    long_ago = datetime(2001, 1, 1, tzinfo=UTC)
    found = case.there.gather(Window(long_ago, long_ago + timedelta(days=1)), Bound())
    assert (found.status, found.documents) == (CollectedStatus.EMPTY, ())
    assert found.detail


def test_the_bound_keeps_the_newest_and_says_so(past_case: Case) -> None:
    found = past_case.there.gather(EVERYTHING, Bound(records=2))
    kept = past_case.marks_in(found)
    assert kept == list(range(len(TIMES)))[-len(kept) :]
    assert 1 <= len(kept) <= 2
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
