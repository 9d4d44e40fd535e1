"""Questions that a diagnosis answers: each finding quotes what the report of `analyze` quotes, under the same ids."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from agent.answers import DIAGNOSED, Intent, understood
from agent.answers.citing_quotes import events_of
from agent.domain import Answer
from agent.domain.claim import Claim, Missing, Quote, Statement
from agent.domain.diagnosis import Diagnosis, Moment, PartSeen, RankedCause
from agent.domain.fix import Fix, PlaybookFix, Risk
from agent.domain.incident import Incident, IncidentState, SimilarIncident, SuccessRate
from agent.pipeline import diagnosed_answer, wants_diagnosis
from agent.rca.shaping import shape_of
from tests.unit.agent.factories import NOON

SERVICES = ("postgres", "kafka", "app")
QUOTE = Quote("logs/app.log", "java.lang.OutOfMemoryError: heap", "the error")
FIX = Fix(
    id="raise-memory-limit", title="Raise the memory limit", why="the limit is 128 MiB",
    action=PlaybookFix(playbook="fix_memory.yml"), risk=Risk.LOW, reversible=True,
)  # fmt: skip


def a_cause(confidence: float = 0.81, **given: Any) -> RankedCause:
    facts: dict[str, Any] = {
        "line": "signatures", "rule": "heap", "category": "out-of-memory", "subject": "app", "strength": 0.9,
        "cause": "app ran out of heap: OutOfMemoryError", "evidence": (QUOTE,), "confirm": ("kubectl top pods",),
        "files": ("Cache.kt:47",), "supports": (Statement("memory grew", (Quote("metrics/app.csv", "1,99"),)),),
    }  # fmt: skip
    claim = Claim(**{**facts, **given})
    missing = (Missing("a heap dump", "jmap -dump"),)
    return RankedCause(
        claim=claim, confidence=confidence, features={}, lines=("signatures",), missing=missing, fixes=(FIX,),
        against=(Statement("the deploy was an hour before"),),
    )  # fmt: skip


def a_diagnosis(*causes: RankedCause, **given: Any) -> Diagnosis:
    incident = Incident(
        id="ab12", fingerprint="f", pattern="p", category="out-of-memory", subject="app", title="app ran out of memory",
        cause="the cache is unbounded", signature="s", confidence=0.9, opened_at=NOON, last_seen_at=NOON, times_seen=3,
        state=IncidentState.RESOLVED, resolution="a bounded cache",
    )  # fmt: skip
    facts: dict[str, Any] = {
        "similar": (SimilarIncident(incident, 0.92),),
        "rates": (SuccessRate("p", "raise-memory-limit", 4, 3),),
        "timeline": (Moment(at=NOON, kind="metric.changed", subject="app", text="memory rose", quote=QUOTE),),
        "contributing": (Statement("no alert watches memory"),),
        "gaps": ("prometheus could not be seen: refused",),
        "sources": (PartSeen("log lines", 12), PartSeen("metrics", 0)),
    }
    return Diagnosis(title="t", alert="a", findings=causes, **{**facts, **given})


def asked(text: str, diagnosis: Diagnosis) -> Answer:
    question = understood(text, SERVICES)
    return DIAGNOSED[question.intent](question, diagnosis)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("why did it break?", Intent.ROOT_CAUSE),
        ("What is the root cause?", Intent.ROOT_CAUSE),
        ("why is app slow?", Intent.ROOT_CAUSE),
        ("which commit is to blame?", Intent.ROOT_CAUSE),
        ("what caused the outage", Intent.ROOT_CAUSE),
        ("why does app crash", Intent.ROOT_CAUSE),
        ("how do I fix it?", Intent.SUGGESTED_FIX),
        ("what should we do now", Intent.SUGGESTED_FIX),
        ("what would confirm it?", Intent.WHAT_WOULD_CONFIRM),
        ("how can I be sure?", Intent.WHAT_WOULD_CONFIRM),
        ("which evidence is missing?", Intent.WHAT_WOULD_CONFIRM),
        ("have we seen this before?", Intent.SIMILAR_INCIDENTS),
        ("similar incidents", Intent.SIMILAR_INCIDENTS),
        ("why is app not ready?", Intent.WHY_NOT_READY),
        ("why is kafka down?", Intent.WHY_NOT_READY),
        ("what failed?", Intent.WHAT_FAILED),
        ("what broke?", Intent.WHAT_FAILED),
        ("what changed since the last fix?", Intent.WHAT_CHANGED),
        ("show me recent logs of the failed job", Intent.RECENT_LOGS),
    ],
)
def test_questions_are_told_apart(text: str, intent: Intent) -> None:
    assert understood(text, SERVICES).intent is intent
    assert wants_diagnosis(text, SERVICES) == (intent in DIAGNOSED)


def test_the_root_cause_comes_first_with_quotes_under_the_ids_of_the_report() -> None:
    diagnosis = a_diagnosis(a_cause(), a_cause(0.1, subject="kafka", cause="kafka is slow"))
    found = asked("what is the root cause?", diagnosis)
    assert found.headline == "The root cause is out-of-memory of app (Cache.kt:47):"
    assert [finding.title for finding in found.findings] == ["app ran out of heap: OutOfMemoryError", "kafka is slow"]
    assert found.findings[0].confidence == 0.81
    report = shape_of(diagnosis)
    assert found.findings[0].event_ids == (report["findings"][0]["evidence"][0]["event_id"],)
    assert "Against it: the deploy was an hour before" in found.notes
    assert "Made it possible or worse: no alert watches memory" in found.notes
    assert "2026-01-01 12:00:00 UTC  memory rose" in found.notes
    assert found.notes[-1] == "Not seen: prometheus could not be seen: refused"


@pytest.mark.parametrize(("confidence", "word"), [(0.9, "is out"), (0.6, "is most likely out"), (0.2, "may be out")])
def test_how_sure_it_is_can_be_heard(confidence: float, word: str) -> None:
    assert word in asked("why is app slow?", a_diagnosis(a_cause(confidence))).headline


@pytest.mark.parametrize(
    "question", ["why did it break?", "how do I fix it?", "what would confirm it?", "seen before?"]
)
def test_where_nothing_is_wrong_no_question_invents_a_cause(question: str) -> None:
    healthy = a_cause(category="healthy", cause="everything is well")
    for diagnosis in (a_diagnosis(similar=()), a_diagnosis(healthy, similar=())):
        found = asked(question, diagnosis)
        assert found.headline == "Nothing wrong was found in what was seen."
        assert found.findings == ()
        assert found.notes == ("Not seen: prometheus could not be seen: refused",)


def test_a_fix_comes_with_its_risk_and_record_and_is_not_applied() -> None:
    found = asked("how do I fix it?", a_diagnosis(a_cause()))
    assert found.notes[0] == (
        "1. Raise the memory limit: the limit is 128 MiB "
        "(the playbook fix_memory.yml, risk low, can be undone, resolved 3 of 4)"
    )
    assert "Nothing is applied without your yes" in found.notes[1]
    bare = replace(a_cause(), fixes=())
    assert asked("how do I fix it?", a_diagnosis(bare)).headline == "No fix is known for this cause:"


def test_what_would_settle_it_is_named_with_its_command() -> None:
    found = asked("what would confirm it?", a_diagnosis(a_cause()))
    assert found.notes[:2] == ("Look at: `kubectl top pods`", "Missing: a heap dump (`jmap -dump`)")
    assert found.notes[2:4] == ("Not looked at, because there was none: metrics.", "For it: memory grew")


def test_a_similar_incident_tells_how_it_was_resolved() -> None:
    found = asked("have we seen this before?", a_diagnosis(a_cause()))
    assert found.headline == "One incident like this one is remembered:"
    assert "92% alike, seen 3 times" in found.findings[0].title
    assert "resolved by: a bounded cache" in found.findings[0].title
    assert asked("seen before?", a_diagnosis(a_cause(), similar=())).headline.startswith("No incident like this one")


@pytest.mark.parametrize(
    "question", ["why did it break?", "how do I fix it?", "what would confirm it?", "seen before?"]
)
def test_all_that_is_cited_can_be_looked_up(question: str) -> None:
    later = NOON + timedelta(hours=1)
    answer, timeline = diagnosed_answer(question, a_diagnosis(a_cause()), SERVICES, later)
    cited = {event_id for finding in answer.findings for event_id in finding.event_ids}
    assert cited
    assert cited <= timeline.ids()
    assert {event.at for event in events_of(a_diagnosis(a_cause()), later)} == {NOON, later}
    assert [(source.source, source.status, source.records) for source in answer.sources] == [
        ("log lines", "ok", 12), ("metrics", "empty", 0),
    ]  # fmt: skip
