"""A team's own patterns: read as the shipped ones are, and wrong ones named with their file and key."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent.collectors.team_patterns import team_patterns
from agent.diagnosing import claims_of_signatures, shipped_patterns
from agent.domain.investigation import Investigation, LogFile
from agent.errors import InvalidPatternsError

GOOD = """\
- id: license-server-away
  category: dependency-unreachable
  literals: ["License Check Failed"]
  regex: 'license check failed: (?P<why>.{0,80})'
  cause: '{subject} has no license: {why}.'
  strength: 0.9
"""


def folder_of(tmp_path: Path, **files: str) -> Path:
    for name, text in files.items():
        (tmp_path / f"{name}.yml").write_text(text)
    return tmp_path


def test_a_pattern_of_the_team_finds_its_failure(tmp_path: Path) -> None:
    patterns = team_patterns(folder_of(tmp_path, ours=GOOD))
    log = LogFile(path="logs/app.log", subject="app", lines=("ERROR license check failed: 503 from licenses",))
    (claim,) = claims_of_signatures(Investigation(title="why?", alert="", logs=(log,)), patterns)
    assert (claim.rule, claim.category, claim.subject) == ("license-server-away", "dependency-unreachable", "app")
    assert claim.cause.startswith("app has no license: 503 from licenses.")


def test_no_folder_and_empty_files_are_no_patterns(tmp_path: Path) -> None:
    assert team_patterns(tmp_path / "none") == ()
    assert team_patterns(folder_of(tmp_path, empty="", comment="# nothing yet\n")) == ()


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        ("license-server-away", "License Server", "`id` should be lower-case"),
        ("  category: dependency-unreachable\n", "", "`category` is missing"),
        ("dependency-unreachable", "[a]", "`category` should be a text"),
        ('["License Check Failed"]', "[]", "`literals` should be a list"),
        ('["License Check Failed"]', "[7]", "`literals` holds something"),
        ("(?P<why>.{0,80})", "(?P<why>.{0,80}", "`regex` is no regular expression"),
        ("{why}", "{what}", r"`cause` may name \{subject\} and the regex's groups only \(why\)"),
        ("{why}", "{why", "`cause` may name"),
        ("{why}", "{why.real}", "`cause` may name"),
        ("0.9", "2", "`strength` should be a number"),
        ("0.9", "true", "`strength` should be a number"),
        ("strength: 0.9", "strength: 0.9\n  lines: 0", "`lines` should be a whole number from 1 to 10"),
        ("license-server-away", "image-pull-failed", "`id` stands among the shipped patterns already"),
    ],
)
def test_a_wrong_pattern_is_named_with_its_file_and_key(tmp_path: Path, before: str, after: str, why: str) -> None:
    assert before in GOOD
    taken = frozenset(pattern.id for pattern in shipped_patterns())
    with pytest.raises(InvalidPatternsError, match=rf"ours\.yml: pattern .*: {why}"):
        team_patterns(folder_of(tmp_path, ours=GOOD.replace(before, after)), taken=taken)


def test_an_id_that_stands_in_two_files_is_named_with_both(tmp_path: Path) -> None:
    with pytest.raises(InvalidPatternsError, match=r"b\.yml: .*`id` stands in a\.yml already"):
        team_patterns(folder_of(tmp_path, a=GOOD, b=GOOD))


@pytest.mark.parametrize(
    "text", ["a: [", "just words", "key: value", "- 7", "\x00", "!!python/object:os.system {}", "&a [*a]"]
)
def test_a_file_that_is_no_list_of_patterns_is_named(tmp_path: Path, text: str) -> None:
    with pytest.raises(InvalidPatternsError, match=r"ours\.yml"):
        team_patterns(folder_of(tmp_path, ours=text))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200))
def test_no_bytes_end_in_another_error(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "ours.yml").write_bytes(content)
    with suppress(InvalidPatternsError):
        assert isinstance(team_patterns(tmp_path), tuple)
