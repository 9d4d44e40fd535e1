"""Vocabulary: words that say, in any program's log, whether the word beside them or they themselves vary.

Plain English as log messages use it; no word here belongs to one system.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from agent.normalize.templates.values import ESCAPE


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_ANNOUNCE: Final = _words("""
    user username ruser login account host hostname node server client device interface file filename directory dir
    path named name table database db schema topic queue bucket namespace pod container image branch job package
    module plugin class bean thread session group member domain zone
""")
HINTS: Final = _words("for from by at via in on with as into of")
_TELL: Final = _words("""
    up down on off in out start stop begin end open close startup shutdown enable disable connect disconnect add remove
    create delete update insert read write get set put post send receive success successful successfully failure
    failures fail ok error errors warning fatal info debug yes no not is are was were has have had will can cannot could
    to and or the a an before after online offline active inactive healthy unhealthy ready alive dead lock unlock leader
    follower primary secondary master slave input output upper lower left right high low
""")
QUOTES: Final = frozenset("\"'`")
SAYS: Final = _words("msg message event")
"""Behind these and `=` stands in quotes what the program's author wrote."""
_LEVEL: Final = _words(
    "trace debug info notice warn warning error err severe critical crit fatal alert emerg panic",
)


def announces(before: Sequence[str]) -> bool:
    """Whether a value follows: behind `=`, or behind a noun like `user` or `file`, with or without a colon."""
    if before[-1] == "=":
        return True
    noun = before[-2] if before[-1].lstrip(ESCAPE) in {":", "'", '"', "`"} and len(before) > 1 else before[-1]
    return noun.lower().lstrip("-") in _ANNOUNCE


def hints(before: Sequence[str]) -> bool:
    """Whether a value may follow, as behind a preposition."""
    return before[-1].lower() in HINTS


def leads(before: Sequence[str]) -> bool:
    """Whether a word behind `before` is the first that speaks.

    Only values, words with a number, signs, levels and `[names]` come before, or a quote behind `msg=`.
    """
    if len(before) > 2 and before[-2] == "=" and before[-3].lower() in SAYS and before[-1] in QUOTES:
        return True
    inside = False
    for word in before:
        if word in {"[", "]"}:
            inside = word == "["
        elif not inside and "0" not in word and any(map(str.isalpha, word)) and word.lower() not in _LEVEL:
            return False
    return True


@lru_cache(maxsize=50_000)
def tells_what_happened(word: str) -> bool:
    """Whether the word says what happened rather than to whom: verb forms, states, constants of an enumeration."""
    word = word.rstrip(".:!?")
    lower = word.lower()
    if lower in _TELL or (len(lower) > 4 and lower.endswith(("ed", "ing"))):
        return True
    constant = word.rpartition(".")[2]
    return len(constant) > 1 and constant.isupper() and not any(map(str.isdigit, constant))
