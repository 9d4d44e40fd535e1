"""Masking many lines at once gives what masking each of them alone gives."""

from hypothesis import given, settings
from hypothesis import strategies as st

from agent.normalize.templates.masking import TOKEN_LIMIT, Masking, mask, octets_of, wording
from agent.normalize.templates.values import REDUCED

PIECES = """
    from A_B to NEW <1 12 bytes Jan x='y k="v w" node[1-3,5] a.b.com bob@x.y 0x1f true. deadbeef () '' a: 10: /a/b 1,2
    <*> {7} id{8} =null cart-5d98ffcfd-tz4nc é ab-12ab34ef (3 KB) it's 'x7' node07 SOCKS5
"""
WORDS = st.sampled_from((*PIECES.split(), "\x1b[31mred\x1b[0m", "\u00a0", "\ud800", "\t", "\x7f"))
LINES = st.lists(st.text(max_size=30) | st.lists(WORDS, max_size=12).map(" ".join), max_size=8)


@settings(max_examples=150)
@given(LINES)
def test_lines_are_masked_together_as_they_are_alone(lines: list[str]) -> None:
    octets = [octets_of(line) for line in lines]
    masking = Masking()
    together = masking.masked(octets) if octets else []
    assert together == [Masking().masked([line])[0] for line in octets]
    assert [masked for masked, _ in masking.tokens_of(together)] == [mask(line) for line in lines]


@given(st.lists(WORDS, min_size=1, max_size=12).map(" ".join))
def test_what_is_masked_depends_on_where_digits_stand_not_on_which(line: str) -> None:
    masking = Masking()
    (reduced,) = masking.masked_reduced([octets_of(line).translate(REDUCED)])
    (masked,) = masking.masked([octets_of(line)])
    assert reduced == "".join("0" if "0" <= sign <= "9" else sign for sign in masked)


def test_words_keep_their_meaning_after_many_others() -> None:
    masking = Masking()
    before = masking.masked([b"user bob from 10.0.0.7 on node07"])
    for start in range(0, 120_000, 4_000):
        masking.masked_reduced(
            [f"request {number:x}-{number * 7:x}".encode() for number in range(start, start + 4_000)]
        )
    assert masking.masked([b"user bob from 10.0.0.7 on node07"]) == before == ["user bob from <*> on node07"]


def test_a_line_of_many_words_ends_in_a_variable() -> None:
    masked = mask("word " * (TOKEN_LIMIT + 5))
    assert len(masked.tokens) == len(masked.gaps) == TOKEN_LIMIT
    assert wording(masked).endswith(" word <*>")


def test_a_word_of_many_signs_is_cut_within_bounds() -> None:
    masked = mask("=" * 50_000)
    assert len(masked.tokens) == len(masked.gaps) == TOKEN_LIMIT


def test_more_words_than_are_kept_are_cut_like_the_first() -> None:
    letters = str.maketrans("0123456789", "ghijklmnop")
    lines = [
        " ".join(f"word{number}" for number in range(start, start + 60)).translate(letters) + " (end)"
        for start in range(0, 120_000, 60)
    ]
    masking = Masking()
    cut = masking.tokens_of(lines)
    assert cut[0] == masking.tokens_of(lines[:1])[0]
    assert [masked.tokens[-3:] for masked, _ in cut] == [("(", "end", ")")] * len(lines)
