"""A diagnosis as data, with everything in it that a diagnosis can hold."""

from datetime import UTC, datetime

import pytest

from agent.domain.claim import Claim, Missing, Quote, Statement
from agent.domain.diagnosis import Diagnosis, Moment, RankedCause
from agent.domain.fix import Fix, PatchFix, PlaybookFix, Risk
from agent.domain.incident import Incident, SimilarIncident, SuccessRate
from agent.rca.shaping import shape_of
from tests.schemas import check_against_schema

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
QUOTE = Quote("logs/web.log", "web was OOMKilled")


def a_fix(action: PlaybookFix | PatchFix) -> Fix:
    return Fix(id="raise-memory-limit", title="t", why="w", action=action, risk=Risk.LOW, reversible=True)


def a_diagnosis() -> Diagnosis:
    claim = Claim(
        line="cluster", rule="out-of-memory", category="oom-killed", subject="web", cause="web was OOMKilled",
        strength=0.9, evidence=(QUOTE,), files=("Cache.kt:47",), confirm=("kubectl top pod",), fixes=("raise-limit",),
        supports=(Statement("it was killed", (QUOTE,)),),
    )  # fmt: skip
    incident = Incident(
        id="i1", fingerprint="f", pattern="p", category="oom-killed", subject="web", title="t", cause="c",
        signature="s", confidence=0.9, opened_at=NOW, last_seen_at=NOW,
    )  # fmt: skip
    cause = RankedCause(
        claim=claim, confidence=0.9, features={"strength": 0.9}, lines=("cluster",),
        against=(Statement("its memory was flat"),), missing=(Missing("usage", "kubectl top pod"),),
        fixes=(a_fix(PlaybookFix(playbook="fix_memory.yml", variables={"limit": "1Gi"})),
               a_fix(PatchFix(patch="d", base="abc"))),
    )  # fmt: skip
    return Diagnosis(
        title="t", alert="a", findings=(cause,), contributing=(Statement("one replica only", (QUOTE,)),),
        timeline=(Moment(at=NOW, kind="container.killed", subject="web", text="OOMKilled", quote=QUOTE),),
        similar=(SimilarIncident(incident, 0.92),), rates=(SuccessRate("p", "raise-memory-limit", 3, 2),),
    )  # fmt: skip


def test_the_document_fits_its_schema() -> None:
    check_against_schema("analyze.v1", shape_of(a_diagnosis()))


def test_what_speaks_for_and_against_a_cause_stands_in_it() -> None:
    finding = shape_of(a_diagnosis())["findings"][0]
    assert [one["text"] for one in finding["supports"]] == ["it was killed"]
    assert [one["text"] for one in finding["against"]] == ["its memory was flat"]
    assert finding["missing"] == [{"what": "usage", "command": "kubectl top pod"}]


def test_a_fix_says_what_it_does_and_how_often_it_helped() -> None:
    playbook, patch = shape_of(a_diagnosis())["findings"][0]["fixes"]
    assert (playbook["kind"], playbook["playbook"], playbook["variables"]) == (
        "playbook",
        "fix_memory.yml",
        {"limit": "1Gi"},
    )
    assert (patch["kind"], patch["patch"], patch["base"]) == ("patch", "d", "abc")
    assert (playbook["tried"], playbook["resolved"]) == (3, 2)


def test_the_same_quote_has_the_same_event_id_wherever_it_stands() -> None:
    document = shape_of(a_diagnosis())
    ids = {
        document["findings"][0]["evidence"][0]["event_id"],
        document["timeline"][0]["evidence"][0]["event_id"],
        document["contributing"][0]["evidence"][0]["event_id"],
    }
    assert len(ids) == 1


def test_a_statement_says_something() -> None:
    with pytest.raises(ValueError, match="says something"):
        Statement("  ")
