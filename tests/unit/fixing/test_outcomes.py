"""The outcome of a fix is what was seen afterwards, kept with the incident; what nobody ran is not judged."""

import dataclasses
import itertools
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from agent.domain.diagnosis import Diagnosis, RankedCause
from agent.domain.fix import Result
from agent.domain.incident import Incident, IncidentState, SuccessRate
from agent.fixes.proven import is_proven
from agent.fixes.reports import claims_in
from agent.fixes.verifying import LookedAgain
from agent.knowledge.embedders.lexical import LexicalEmbedder
from blissful_infra.fixing.attempts import Attempt, Attempts
from blissful_infra.fixing.branching import make_branch
from blissful_infra.fixing.errors import NoFixError
from blissful_infra.fixing.repository import Repository
from blissful_infra.fixing.suggesting import incident_in, suggested
from blissful_infra.fixing.verifying import verify
from tests.memory_knowledge import MemoryKnowledge
from tests.unit.fixing.projects import NOW, a_finding, a_patch, a_repository, an_incident, git, head

LATER = NOW + timedelta(minutes=5)
OTHER = a_finding("slow-query", cause="Queries of app are too slow.", rule="signatures/database-slow")
Verified = Callable[..., Any]


def knowledge_with(*incidents: Incident) -> MemoryKnowledge:
    knowledge = MemoryKnowledge(LexicalEmbedder())
    for incident in incidents:
        knowledge.record(incident)
    return knowledge


def seen(*findings: dict[str, Any], confidence: float = 0.9, runs: bool = True) -> LookedAgain:
    causes = claims_in({"findings": list(findings)})
    ranked = tuple(RankedCause(claim=one, confidence=confidence, features={}, lines=("signatures",)) for one in causes)
    return LookedAgain(Diagnosis(title="", alert="", findings=ranked), runs)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return a_repository(tmp_path / "shop")


def a_run(attempts: Attempts, **given: Any) -> Attempt:
    facts = {
        "id": "a1",
        "incident_id": "3f2a00c0ffee",
        "pattern": "p",
        "fix_id": "restart-service",
        "title": "Restart app",
    }
    attempt = Attempt(**{**facts, "at": NOW, **given})
    attempts.begin(attempt)
    return attempts.note(attempt, state="applied")


@pytest.mark.parametrize(
    ("after", "result"),
    [
        (seen(), Result.RESOLVED),
        (seen(a_finding("healthy")), Result.RESOLVED),
        (seen(a_finding(), confidence=0.2), Result.FAILED),
        (seen(a_finding(subject="app-6d4cf56db6-x2x4z")), Result.FAILED),
        (seen(OTHER), Result.PARTIAL),
        (seen(OTHER, confidence=0.3), Result.RESOLVED),
        (seen(a_finding(), OTHER), Result.WORSE),
        (seen(runs=False), Result.NOT_RUN),
    ],
)
def test_what_is_seen_again_decides(tmp_path: Path, after: LookedAgain, result: Result) -> None:
    incident = an_incident()
    knowledge, attempts = knowledge_with(incident), Attempts(tmp_path)
    asked: list[datetime] = []

    def look(since: datetime) -> LookedAgain:
        asked.append(since)
        return after

    attempt = a_run(attempts)
    outcome = verify(
        attempt, incident, claims_in(json.loads(incident.report)), attempts=attempts, repository=None,
        knowledge=knowledge, look=look, now=lambda: LATER,
    )  # fmt: skip
    assert outcome.result is result
    assert asked == [attempt.ended]
    assert knowledge.outcomes(incident.id) == (outcome,)
    kept = knowledge.incident(incident.id)
    assert kept is not None
    assert (kept.state is IncidentState.RESOLVED) == (result is Result.RESOLVED)
    assert attempts.all()[-1].result == result.value
    tried = knowledge.success_rates(incident.pattern)
    good = int(result is Result.RESOLVED)
    expected = SuccessRate(incident.pattern, "restart-service", 1, good)
    assert tried == (() if result is Result.NOT_RUN else (expected,))


def test_a_branch_is_judged_only_once_it_is_in_use(folder: Path) -> None:
    incident = an_incident()
    knowledge, attempts = knowledge_with(incident), Attempts(folder / ".blissful")
    attempt = make_branch(Repository(folder), attempts, incident, a_patch(head(folder)), NOW)

    def result() -> Result:
        return verify(
            attempt, incident, claims_in(json.loads(incident.report)), attempts=attempts, repository=Repository(folder),
            knowledge=knowledge, look=lambda since: seen(), now=lambda: LATER,
        ).result  # fmt: skip

    assert result() is Result.NOT_RUN
    git(folder, "commit", "--allow-empty", "--quiet", "--message", "Other work")
    assert result() is Result.NOT_RUN
    git(folder, "merge", "--quiet", "--squash", attempt.branch)
    git(folder, "commit", "--quiet", "--message", "Squashed")
    assert result() is Result.RESOLVED


def test_a_failed_attempt_is_not_judged(tmp_path: Path) -> None:
    incident = an_incident()
    attempts = Attempts(tmp_path)
    attempt = attempts.note(a_run(attempts), state="failed")
    outcome = verify(
        attempt, incident, claims_in(json.loads(incident.report)), attempts=attempts, repository=None,
        knowledge=knowledge_with(incident), look=lambda since: seen(), now=lambda: LATER,
    )  # fmt: skip
    assert outcome.result is Result.NOT_RUN


def test_outcomes_change_the_order_of_the_next_incidents_fixes(folder: Path, tmp_path: Path) -> None:
    incident = an_incident()
    knowledge, attempts = knowledge_with(incident), Attempts(tmp_path)
    before = suggested(incident, knowledge, Repository(folder), services=("app",))
    assert [fix.id for fix in before.fixes] == ["raise-memory-limit", "restart-service"]
    clock = (LATER + timedelta(minutes=number) for number in itertools.count())
    for number in range(5):
        verify(
            a_run(attempts, id=f"a{number}"), incident, before.causes, attempts=attempts, repository=None,
            knowledge=knowledge, look=lambda since: seen(), now=lambda: next(clock),
        )  # fmt: skip
    after = suggested(incident, knowledge, Repository(folder), services=("app",))
    assert [fix.id for fix in after.fixes] == ["restart-service", "raise-memory-limit"]
    assert [is_proven(fix, after.rate(fix)) for fix in after.fixes] == [True, False]
    assert not is_proven(dataclasses.replace(after.fixes[0], by_model=True), after.rate(after.fixes[0]))


def test_the_incident_is_the_open_one_seen_last_or_the_one_named() -> None:
    old = an_incident(id="aaa1", fingerprint="1" * 16)
    new = an_incident(id="bbb2", fingerprint="2" * 16, last_seen_at=LATER)
    knowledge = knowledge_with(old, new)
    assert incident_in(knowledge, None).id == "bbb2"
    assert incident_in(knowledge, "aaa").id == "aaa1"
    with pytest.raises(NoFixError, match="no incident"):
        incident_in(knowledge, "ccc")
    with pytest.raises(NoFixError, match="no open incident"):
        incident_in(MemoryKnowledge(LexicalEmbedder()), None)


@pytest.mark.parametrize(
    "report", ["", "{", "[]", '{"findings": 3}', '{"findings": [{}, 1, {"category": "x"}]}', "[" * 99999]
)
def test_a_report_that_cannot_be_read_is_told(report: str) -> None:
    with pytest.raises(NoFixError, match="names no cause"):
        suggested(an_incident(report=report), MemoryKnowledge(LexicalEmbedder()), None)
