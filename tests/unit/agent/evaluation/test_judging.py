"""Answers against labels, measure by measure."""

from typing import Any

import pytest

from agent.evaluation.case import Expected, culprit_rank, expected_of, same_commit, subject_key
from agent.evaluation.judging import judge
from agent.evaluation.quotes import comparable, is_backed

TEXTS = [comparable("2026-01-01 ERROR  pool exhausted\nafter 50 waits")]


def an_answer(**changes: Any) -> dict[str, Any]:
    finding = {
        "category": "database-connections",
        "subject": "orders",
        "cause": "The connection pool of orders is exhausted.",
        "confidence": 0.8,
        "evidence": [{"quote": "pool exhausted after 50", "file": "logs/orders.log"}],
    }
    return {"findings": [finding | changes]}


@pytest.mark.parametrize(
    ("subject", "key"),
    [
        ("Deployment/Orders", "orders"),
        ("pod/orders-76897854c-cw5wh", "orders"),
        ("orders", "orders"),
        ("Lambda_AWS::Lambda::Function", "lambda_aws::lambda::function"),
    ],
)
def test_subjects_compare_without_kind_suffix_and_case(subject: str, key: str) -> None:
    assert subject_key(subject) == key


def test_culprit_rank_counts_distinct_subjects() -> None:
    findings = [{"subject": "web"}, {"subject": "pod/web-76897854c-cw5wh"}, {"subject": "db"}]
    assert culprit_rank(findings, ["db"]) == 2
    assert culprit_rank(findings, ["cache"]) is None


@pytest.mark.parametrize(
    ("answer", "commit", "same"),
    [
        ("c7d2e9a", "c7d2e9a3f1b0", True),
        ("c7d2e9", "c7d2e9a3f1b0", False),
        ("none", "none", True),
        (None, "none", False),
    ],
)
def test_commits_compare_by_seven_digits(answer: object, commit: str, same: bool) -> None:
    assert same_commit(answer, commit) is same


def test_a_right_answer_is_right_in_every_measure() -> None:
    expected = expected_of(
        {"set": "s", "culprits": ["orders"], "category": "connection-pool", "must_mention": ["pool", "exhausted"]}
    )
    seen = judge("c", expected, an_answer(), texts=TEXTS, categories={"database-connections": "connection-pool"})
    assert (seen.right, seen.culprit_rank, seen.category, seen.mention) == (True, 1, True, True)
    assert (seen.findings, seen.backed) == (1, 1)


def test_an_empty_answer_is_an_abstention_and_wrong() -> None:
    expected = Expected(case_set="s", culprits=("orders",), category="x", commit="none")
    seen = judge("c", expected, {"findings": []}, texts=TEXTS)
    assert (seen.abstained, seen.right, seen.confidence) == (True, False, None)
    assert (seen.category, seen.commit) == (False, False)


def test_a_decoy_is_counted() -> None:
    expected = Expected(case_set="s", commit="abcdef0123", decoys=("0123456789",))
    seen = judge("c", expected, an_answer(commit="0123456"), texts=TEXTS, right_by="commit")
    assert (seen.decoy, seen.right) == (True, False)


def test_quotes_must_occur_and_be_long_enough() -> None:
    assert is_backed(["ERROR pool \x1b[31mexhausted\x1b[0m"], TEXTS)
    assert not is_backed(["pool ok and fine"], TEXTS)
    assert not is_backed(["pool"], TEXTS)


def test_logdx_takes_points_for_forbidden_claims() -> None:
    expected = Expected(
        case_set="logdx-ci",
        category="test",
        signals=("pool exhausted",),
        must_mention=("pool",),
        must_not_claim=("network",),
    )
    right = judge("c", expected, an_answer(category="test", cause="pool exhausted"), texts=TEXTS, right_by="category")
    wrong = judge("c", expected, an_answer(category="test", cause="pool, network"), texts=TEXTS, right_by="category")
    assert right.logdx == pytest.approx(0.80)
    assert wrong.logdx == pytest.approx(0.80 - 0.25)


def test_to_say_that_the_culprit_is_well_is_wrong() -> None:
    answer = an_answer(category="healthy")
    expected = Expected(case_set="own", culprits=("orders",), category="connection-pool-exhausted")
    assert judge("a", expected, answer, texts=TEXTS).right is False
    unlabelled = Expected(case_set="own", culprits=("orders",))
    assert judge("a", unlabelled, answer, texts=TEXTS).right is True
