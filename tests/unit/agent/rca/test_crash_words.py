"""A crash and its log's words are told as one."""

from dataclasses import replace

from agent.domain.claim import CAUSE_WORDS, Claim, Quote
from agent.rca.crash_words import with_crashes

WORDS = Claim(
    line="signatures",
    rule="schema-behind",
    category="migration-failed",
    subject="web",
    cause='The schema is older than web needs. Seen: "schema version 41 found"',
    strength=0.9,
    evidence=(Quote("logs/web-1.log", "schema version 41 found"),),
)
CRASH = Claim(
    line="cluster",
    rule="container-crashes",
    category="crash-loop",
    subject="web",
    cause='The container check of pod web-1 crashes with exit code 1 (Error). Its log says: "schema version 41 found"',
    strength=0.62,
    evidence=(Quote("kubernetes/pod.txt", "Exit Code: 1"), Quote("logs/web-1.log", "schema version 41 found")),
)


def test_the_words_name_the_container_that_ended() -> None:
    told = with_crashes((WORDS, CRASH))[0]
    assert told.cause == (
        "The schema is older than web needs. The container check of pod web-1 crashes with exit code 1 (Error). "
        'Seen: "schema version 41 found"'
    )
    assert [quote.path for quote in told.evidence] == ["logs/web-1.log", "kubernetes/pod.txt"]


def test_a_long_one_is_cut_with_its_quotation_closed() -> None:
    told = with_crashes((replace(WORDS, cause=f'{WORDS.cause[:-1]} {"word " * 40}"'), CRASH))[0]
    assert len(told.cause.split()) <= CAUSE_WORDS
    assert told.cause.count('"') == 2


def test_a_crash_of_another_component_or_log_adds_nothing() -> None:
    for other in (replace(CRASH, subject="api"), replace(CRASH, evidence=CRASH.evidence[:1])):
        assert with_crashes((WORDS, other))[0] == WORDS
