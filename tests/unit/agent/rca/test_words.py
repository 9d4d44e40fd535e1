"""Words looked for in one pass, and what is reckoned once."""

from hypothesis import given
from hypothesis import strategies as st

from agent.domain.investigation import Investigation
from agent.rca.once import once
from agent.rca.words import Words

WORDS = ("error", "time-out", "fail", "ail")


@given(st.lists(st.text(st.sampled_from("erFAILoftm-uİß \t"), max_size=30), max_size=30))
def test_the_lines_are_those_that_hold_a_word_case_aside(lines: list[str]) -> None:
    expected = [number for number, line in enumerate(lines) if any(word in line.lower() for word in WORDS)]
    assert list(Words(WORDS).lines_in(lines)) == expected


def test_the_lines_of_every_chunk_are_found() -> None:
    lines = ["fine"] * 45_000
    lines[0] = lines[19_999] = lines[20_000] = lines[44_999] = "it FAILED"
    assert list(Words(WORDS).lines_in(lines)) == [0, 19_999, 20_000, 44_999]


def test_one_investigation_is_reckoned_once_and_another_anew() -> None:
    asked: list[str] = []

    @once
    def title(investigation: Investigation) -> str:
        asked.append(investigation.title)
        return investigation.title

    first, second = Investigation(title="a", alert=""), Investigation(title="b", alert="")
    assert [title(first), title(first), title(second), title(first)] == ["a", "a", "b", "a"]
    assert asked == ["a", "b", "a"]


def test_an_equal_investigation_is_another() -> None:
    asked: list[int] = []

    @once
    def count(investigation: Investigation) -> int:
        asked.append(1)
        return len(asked)

    first, equal = Investigation(title="a", alert=""), Investigation(title="a", alert="")
    assert (count(first), count(equal)) == (1, 2)
