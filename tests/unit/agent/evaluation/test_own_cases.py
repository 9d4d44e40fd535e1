"""The agent is right on every case of tests/cases; what it is known to get wrong is named with the reason."""

from pathlib import Path

import pytest
import yaml

from agent.diagnosing import diagnose
from agent.evaluation.case import culprit_rank
from agent.evaluation.judging import judge
from agent.evaluation.running import Case, cases_in, texts_of
from agent.rca.shaping import shape_of

FOLDER = Path(__file__).parents[3] / "cases"
KNOWN_WRONG: dict[str, str] = yaml.safe_load((FOLDER / "known-wrong.yaml").read_text()) or {}
LARGEST_BYTES = 200_000
CASES = cases_in(FOLDER)


def parameters() -> list[object]:
    return [
        pytest.param(
            case,
            id=case.name,
            marks=[pytest.mark.xfail(reason=KNOWN_WRONG[case.name])] if case.name in KNOWN_WRONG else [],
        )
        for case in CASES
    ]


@pytest.mark.parametrize("case", parameters())
def test_the_first_finding_is_right(case: Case) -> None:
    answer = shape_of(diagnose(case.folder))
    assert answer["findings"], "nothing was found"
    top = answer["findings"][0]
    found = judge(case.name, case.expected, answer, texts=texts_of(case.folder))
    if case.expected.culprits:
        assert culprit_rank(answer["findings"], case.expected.culprits) == 1, top
    assert found.mention in {True, None}, top
    assert found.category in {True, None}, top
    assert found.backed == found.findings


@pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in CASES])
def test_a_case_is_small_and_names_no_machine(case: Case) -> None:
    files = [path for path in case.folder.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < LARGEST_BYTES
    for path in files:
        text = path.read_text()
        assert not [word for word in ("/root/", "/tmp/pytest", "BEGIN PRIVATE KEY", "blissful.test") if word in text], (
            path
        )


def test_known_wrong_cases_exist() -> None:
    assert KNOWN_WRONG.keys() <= {case.name for case in CASES}


def test_a_quarter_of_the_cases_is_healthy() -> None:
    healthy = [case for case in CASES if case.expected.category == "healthy"]
    assert len(healthy) * 7 >= len(CASES)
