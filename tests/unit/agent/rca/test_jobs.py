"""Why a CI job failed, from logs as runners write them."""

import re
from pathlib import Path

import pytest

from agent.domain.claim import Claim
from agent.domain.investigation import Investigation, LogFile
from agent.rca.jobs import RULES, claims_of_jobs
from agent.rca.jobs.telling import ALIASES
from tests.unit.agent.rca.job_samples import JobSample, job_samples

TAXONOMY = Path(__file__).parents[4] / "docs" / "taxonomy.md"


def first_claim(*output: str, code: int = 1) -> Claim:
    lines = ("##[group]Run make ci", *output, f"##[error]Process completed with exit code {code}.")
    raw = tuple(f"2026-01-01T12:00:00.0000000Z {line}" for line in lines)
    log = LogFile("build", "ci/build.log", raw)
    return claims_of_jobs(Investigation(title="t", alert="why?", jobs=(log,)))[0]


@pytest.mark.parametrize(
    "passing",
    [
        "test diagnostics::config_already_exists ... ok",
        "tests/test_net.py::test_connection_refused PASSED [ 12%]",
        "--- PASS: TestContextDeadlineExceeded (0.00s)",
        " ✓ answers 403 Forbidden (3 ms)",
        "SHA256 digest of uploaded artifact zip is 46dace94e7c8cb06381293b46a7eaff1b3f24fdf58afcc6605d21b858e86d0d6",
    ],
)
def test_what_passes_is_no_failure_whatever_it_is_named_after(passing: str) -> None:
    assert first_claim(passing).rule == "last-words"
    assert first_claim(passing, "src/a.cpp:3:1: error: expected ';'").subject == "src/a.cpp"


def test_a_compilers_warning_is_no_error() -> None:
    assert first_claim("/src/A.java:19: warning: Signal is internal and may be removed").rule == "last-words"


@pytest.mark.parametrize(
    ("output", "category", "subject"),
    [
        ("FAILED tests/test_a.py::test_sum - assert 1 == 2", "test-failure", "tests/test_a.py::test_sum"),
        ("--- FAIL: TestSum (0.01s)", "test-failure", "TestSum"),
        ("test sums::adds ... FAILED", "test-failure", "sums::adds"),
        ("src/a.cpp:3:1: error: expected ';'", "compile-error", "src/a.cpp"),
        ("src/a.ts(3,1): error TS2322: Type 'x' is not", "type-error", "src/a.ts"),
        ("app/a.py:3: error: Name 'x' is not defined  [name-defined]", "type-error", "app/a.py"),
        ("would reformat src/a.py", "format-violation", "src/a.py"),
        ("ERROR: No matching distribution found for left==9", "dependency-resolution", "left==9"),
        ("/bin/bash: line 1: uvx: command not found", "workflow-configuration", "uvx"),
        ("gh: Resource not accessible by integration (HTTP 403)", "ci-permission", "make ci"),
        ("write /tmp/x: No space left on device", "disk-full", "make ci"),
    ],
)
def test_a_tools_own_message_gives_category_and_subject(output: str, category: str, subject: str) -> None:
    claim = first_claim("setting up", output)
    assert (claim.category, claim.subject) == (category, subject)
    assert output in [quote.text for quote in claim.evidence]


def test_what_failed_before_the_failing_step_counts_less() -> None:
    raw = ("test a ... FAILED", "##[group]Run deploy", "sh: helm: not found", "##[error]exit code 127")
    log = LogFile("build", "ci/build.log", raw)
    claims = claims_of_jobs(Investigation(title="t", alert="why?", jobs=(log,)))
    assert claims[0].subject == "helm"


def test_colours_do_not_hide_a_message() -> None:
    assert first_claim("\x1b[31m--- FAIL: TestSum (0.01s)\x1b[0m").subject == "TestSum"


def test_a_job_without_lines_gives_no_claim() -> None:
    log = LogFile("build", "ci/build.log", ())
    assert claims_of_jobs(Investigation(title="t", alert="why?", jobs=(log,))) == ()


def test_every_category_of_a_rule_is_published() -> None:
    published = set(re.findall(r"^\| `([a-z0-9-]+)` \|", TAXONOMY.read_text(encoding="utf-8"), re.MULTILINE))
    assert {rule.category for rule in RULES} <= published


@pytest.mark.parametrize("sample", job_samples(), ids=lambda sample: sample.name)
def test_each_tools_failure_is_told_in_its_own_words(sample: JobSample) -> None:
    log = LogFile("build", "ci/build.log", sample.lines)
    claim = claims_of_jobs(Investigation(title="t", alert="why?", jobs=(log,)))[0]
    assert claim.category == sample.category, claim.rule
    assert [word for word in sample.says if word.lower() not in claim.cause.lower()] == [], claim.cause
    assert not sample.file or sample.file in claim.files
    assert not sample.test or sample.test in claim.tests


def test_the_exit_codes_line_is_never_the_cause() -> None:
    claim = first_claim("one thing", "some tool gave up on the frobnicator")
    assert "frobnicator" in claim.cause
    assert "Process completed" not in claim.cause


def test_every_group_of_a_pattern_names_something() -> None:
    known = {name for names in ALIASES.values() for name in names} | {"goal"}
    patterns = [pattern for rule in RULES for pattern in (rule.seen, rule.details) if pattern is not None]
    assert {name for pattern in patterns for name in pattern.groupindex} <= known
