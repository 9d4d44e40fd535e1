"""Files that somebody made badly, or on purpose: the rules stumble over none of them."""

import time
from collections.abc import Mapping, Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.advice.settings import settings_of
from agent.advice.yaml_nodes import documents_of
from agent.domain.suggestion import Shown, Suggestion
from tests.unit.agent.advice.projects import suggested
from tests.unit.agent.advice.test_rules import WHOLE

LETTERS = "abcdefghijklmnopqrstuvw"
BOMB = "a: &a [x]\n" + "".join(f"{b}: &{b} {{m: *{a}, n: *{a}}}\n" for a, b in pairwise(LETTERS))
SIGNS = st.text(alphabet="{}[]:-&*\n \t'\"x", max_size=5)


@given(st.text(max_size=300), st.sampled_from([*WHOLE, ".env", "requirements.txt", "package.json", "x.properties"]))
@settings(max_examples=150)
def test_any_text_under_any_name_is_looked_at_without_an_error(text: str, name: str) -> None:
    found = suggested({name: text})
    assert invented(found, {name: text}) == []


@given(
    st.sampled_from(list(WHOLE)),
    st.integers(0, 400),
    st.integers(0, 60),
    SIGNS,
)
@settings(max_examples=150)
def test_files_torn_anywhere_are_looked_at_without_an_error(name: str, start: int, length: int, put: str) -> None:
    text = WHOLE[name]
    files = {**WHOLE, name: text[:start] + put + text[start + length :]}
    assert invented(suggested(files), files) == []


def invented(found: Sequence[Suggestion], files: Mapping[str, str]) -> list[Shown]:
    """What is shown of a line that is not there, or of a file that was not looked at."""
    return [
        shown
        for one in found
        for shown in one.evidence
        if shown.place not in files
        or (shown.line is not None and not 1 <= shown.line <= len(files[shown.place].splitlines()) + 1)
    ]


@pytest.mark.parametrize(
    "text", [BOMB, "a: &a [*a, *a]\n", "&a {<<: *a, b: *a}\n", "[" * 3000, "a:\n" * 3, "{" * 200 + "}" * 200]
)
def test_yaml_that_multiplies_or_holds_itself_ends(text: str) -> None:
    began = time.monotonic()
    suggested({"deploy/a.yaml": text, "src/application.yaml": text, "compose.yaml": f"services: {{}}\n{text}"})
    assert time.monotonic() - began < 5


def test_what_is_no_yaml_is_a_gap_not_an_error() -> None:
    with pytest.raises(ValueError, match="line 2"):
        documents_of("a: 1\n{{ b }}: c: d\n")


def test_properties_and_yaml_are_the_same_settings() -> None:
    yaml = settings_of("application.yaml", "spring:\n  data: {redis: {host: a}}\n")
    properties = settings_of("application.properties", "# x\nspring.data.redis.host = a\n")
    assert [(one.key, one.text, one.line) for one in yaml.settings] == [("spring.data.redis.host", "a", 2)]
    assert [(one.key, one.text, one.line) for one in properties.settings] == [("spring.data.redis.host", "a", 2)]


def test_merge_keys_count() -> None:
    [document] = documents_of("x: &x {image: a, restart: always}\nservices: {a: {<<: *x, image: b}}\n")
    assert (document.text("services", "a", "restart"), document.text("services", "a", "image")) == ("always", "b")
