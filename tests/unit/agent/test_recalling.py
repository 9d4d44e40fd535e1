"""A diagnosis becomes an incident, and memory adds what is known of its like."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from agent.domain.claim import Claim, Quote
from agent.domain.diagnosis import Diagnosis, RankedCause
from agent.domain.fix import Result
from agent.domain.incident import Incident, SuccessRate
from agent.errors import KnowledgeError, SourceUnavailableError
from agent.knowledge.embedders.lexical import LexicalEmbedder
from agent.rca.incidents import LONGEST_REPORT, incident_of, signature_of
from agent.recalling import remembered
from tests.memory_knowledge import MemoryKnowledge
from tests.schemas import check_against_schema
from tests.unit.agent.knowledge.incidents import NOON, an_outcome

LATER = NOON + timedelta(hours=2)
LINE = "2026-01-01T11:59:58Z ERROR pool exhausted: 10 of 10 connections to 10.0.0.7:5432 in use, token=abcdef123456"


def a_cause(subject: str = "app", line: str = LINE, category: str = "connection-pool") -> RankedCause:
    claim = Claim(
        line="signatures", rule="pool-exhausted", category=category, subject=subject, strength=0.9,
        cause=f"The connection pool of {subject} is exhausted: 10 of 10 in use.",
        evidence=(Quote(f"logs/{subject}.log", line),),
    )  # fmt: skip
    return RankedCause(claim=claim, confidence=0.9, features={"strength": 0.9}, lines=("signatures",))


def a_diagnosis(*causes: RankedCause) -> Diagnosis:
    return Diagnosis(title="why is app down?", alert="app is down", findings=causes or (a_cause(),))


def incident(diagnosis: Diagnosis | None = None, **given: object) -> Incident:
    found = incident_of(diagnosis or a_diagnosis(), NOON, **given)  # type: ignore[arg-type]
    assert found is not None
    return found


def test_nothing_wrong_is_no_incident() -> None:
    quiet = Diagnosis(title="t", alert="a")
    healthy = a_diagnosis(a_cause(category="healthy"))
    base = MemoryKnowledge(LexicalEmbedder())
    for diagnosis in (quiet, healthy):
        assert remembered(diagnosis, base, NOON) == remembered(diagnosis, base, LATER)
        assert incident_of(diagnosis, NOON) is None
    assert base.incidents() == ()


def test_the_same_failure_of_another_pod_has_one_fingerprint_and_of_another_project_its_own() -> None:
    pods = [incident(a_diagnosis(a_cause(name))) for name in ("cart-5d98ffcfd-tz4nc", "cart-5d98ffcfd-x2b4c", "Cart")]
    assert len({pod.fingerprint for pod in pods}) == 1
    assert incident(project="one").fingerprint != incident(project="two").fingerprint
    assert incident().pattern == "connection-pool/pool-exhausted"


def test_the_signature_has_words_and_neither_numbers_nor_secrets() -> None:
    signature = signature_of(a_cause())
    other = signature_of(a_cause(line=LINE.replace("11:59:58", "03:02:01").replace("10.0.0.7", "10.9.9.9")))
    assert signature == other
    assert "pool exhausted" in signature
    assert not any(letter.isdigit() for letter in signature)
    assert "abcdef" not in signature


def test_what_is_kept_is_redacted_and_bounded() -> None:
    secret = "s3cr3t-of-postgres"
    noisy = a_cause(line=f"{LINE} and {secret}")
    kept = incident(a_diagnosis(noisy, *(a_cause(f"s{n}", "x" * 60_000) for n in range(9))), secrets=(secret,))
    assert secret not in str(kept)
    assert "abcdef123456" not in kept.report
    assert len(kept.report) <= LONGEST_REPORT
    report = json.loads(kept.report)
    check_against_schema("analyze.v1", report)
    assert report["findings"][0]["subject"] == "app"
    assert 1 < len(report["findings"]) < 10


def test_a_failure_is_recorded_once_and_counted() -> None:
    base = MemoryKnowledge(LexicalEmbedder())
    first = remembered(a_diagnosis(), base, NOON).incident
    again = remembered(a_diagnosis(), base, LATER).incident
    assert first is not None
    assert again is not None
    assert (again.id, again.times_seen) == (first.id, 2)


def test_a_failure_like_a_resolved_one_shows_how_it_was_resolved_and_how_often_that_helped() -> None:
    base = MemoryKnowledge(LexicalEmbedder())
    earlier = remembered(a_diagnosis(), base, NOON).incident
    assert earlier is not None
    for minute, result in enumerate((Result.FAILED, Result.RESOLVED, Result.RESOLVED)):
        base.add_outcome(an_outcome(earlier, result, minute=minute))
    base.close(earlier.id, "made the pool larger", NOON)
    now = remembered(a_diagnosis(a_cause("orders")), base, LATER).diagnosis
    (similar,) = now.similar
    assert similar.incident.resolution == "made the pool larger"
    assert similar.similarity > 0.8
    assert similar.rates == (SuccessRate(earlier.pattern, "grow-pool", 3, 2),)
    assert now.rates == similar.rates


def test_a_question_recalls_without_recording() -> None:
    base = MemoryKnowledge(LexicalEmbedder())
    assert remembered(a_diagnosis(), base, NOON, record=False).incident is None
    assert base.incidents() == ()
    remembered(a_diagnosis(), base, NOON)
    asked = remembered(a_diagnosis(), base, LATER, record=False)
    assert [(one.incident.times_seen, round(one.similarity, 3)) for one in asked.diagnosis.similar] == [(1, 1.0)]
    assert base.incidents()[0].times_seen == 1


def test_what_has_hardly_a_word_in_common_is_not_shown() -> None:
    base = MemoryKnowledge(LexicalEmbedder())
    other = Claim(
        line="cluster", rule="pull", category="image-pull", subject="web", cause="The image cannot be pulled.",
        strength=0.9, evidence=(Quote("k.txt", "Back-off pulling image web:9"),),
    )  # fmt: skip
    remembered(a_diagnosis(replace(a_cause(), claim=other)), base, NOON)
    assert remembered(a_diagnosis(), base, LATER).diagnosis.similar == ()


class Broken(MemoryKnowledge):
    def record(self, incident: Incident) -> Incident:
        raise KnowledgeError("the knowledge base is damaged", hint="move it away")


class Blind(MemoryKnowledge):
    def similar(self, *_: object, **__: object) -> tuple[()]:
        raise SourceUnavailableError("the embedder is away")


@pytest.mark.parametrize(
    ("base", "gap", "recorded"),
    [
        (Broken(LexicalEmbedder()), "nothing was recorded and no similar incident looked for: the knowledge base is "
         "damaged (move it away)", False),
        (Blind(LexicalEmbedder()), "similar incidents were not looked for: the embedder is away", True),
    ],
)  # fmt: skip
def test_what_memory_cannot_do_is_a_gap_and_the_diagnosis_stands(
    base: MemoryKnowledge, gap: str, recorded: bool
) -> None:
    found = remembered(a_diagnosis(), base, NOON)
    assert found.diagnosis.findings == a_diagnosis().findings
    assert found.diagnosis.gaps == (gap,)
    assert (found.incident is not None) is recorded
