"""Masking: what in a log line is evidently a value, whatever system wrote it.

A line is cut into tokens at white space and at the signs programs put around values; a token that looks like a
number, time, size, address, path, URL, identifier or boolean becomes `<*>`. A word with a digit in it (`SOCKS5`,
`tty2`, `node07`) stays: only comparison with other lines can tell whether it varies.

    >>> wording(mask("Accepted key for bob from 10.0.0.7 port 22 ssh2"))
    'Accepted key for bob from <*> port <*> ssh2'
"""

import re
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Final, NamedTuple

from agent.normalize.templates.values import ESCAPE, REDUCED, VARIABLE, Judged, Words

TOKEN_LIMIT: Final = 96
"""More tokens than this say nothing more about which template a line has; the rest counts as one variable."""

_PIECES_KEPT: Final = 100_000

_JOIN: Final = str.maketrans(" ,;|", "\x00\x01\x02\x03")
_UNJOIN: Final = str.maketrans("\x00\x01\x02\x03\x05", " ,;|\\", "\x04")
_EMPTY: Final = "\x04"
"""Control characters never occur in what is masked, so they stand for the signs inside one value, and for no value."""

_GAPS: Final = (" ", *[""] * (TOKEN_LIMIT - 1))

_QUOTE = r"(?<![^\W\d_])'|'(?![^\W\d_])"  # but not the apostrophe of `can't`
_PIECES = re.compile(rf"({ESCAPE}[\"'`]|[=,;()\[\]{{}}|\"`]|{_QUOTE}|:\Z)")
_SPACED: Final = bytes(0x20 if kept == 0x20 or octet == 0x0A else octet for octet, kept in enumerate(REDUCED))
_COLOURS = re.compile(rb"\x1b\[[0-9;?]*[A-Za-z]")
_DIGITS = re.compile(r"\d+")
_MONTH = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*"
_DATE = re.compile(
    rf"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? )?(?:\b{_MONTH} <\*>|<\*> {_MONTH})"
    r"(?:,? <\*>){1,2}(?: [A-Z]{3,4}(?: <\*>)?)?(?![\w.])"
)
_MONTHS = re.compile(r"J(?:an|u[nl])|Feb|Ma[ry]|A(?:pr|ug)|Sep|Oct|Nov|Dec")
_UNITS = r"(?:[KMGTP]i?)?(?:B|bytes?|bits?)|[mun]?s|secs?|seconds?|minutes?|hours?|days?|msecs?|millis(?:econds)?"
_SIZED = re.compile(rf"<(?:<\*>|\*>) ({_UNITS})\b( \(<\*>(?: (?:[KMGTP]i?)?(?:B|bytes?))?\))?")
_ESCAPED = re.compile(rb"\\\\*(?=[\"'`])")
_IN_QUOTES = rb"[^%b\x05\n=]*(?:(?:\x05.|=(?![\"']))[^%b\x05\n=]*)*"
_QUOTED = re.compile(
    rb"=(?<!msg=)(?<!message=)(?<!event=)(?:\"%b\"|'%b')" % (_IN_QUOTES % (b'"', b'"'), _IN_QUOTES % (b"'", b"'"))
)
_ABSENT = re.compile(r"=(?:null|nil|none|n/a|undefined|\w+\{<\*>\})(?![\w.])", re.IGNORECASE)
_TRANSITION = re.compile(r"from [A-Z][A-Z_]+ to [A-Z][A-Z_]+\b")
_LIST = re.compile(r"<\*>(?:\x00\w+)?(?:[ ,;|#:/+-]+<\*>(?:\x00\w+)?)+")
_ADJACENT = re.compile(r"<\*>(?:<\*>)+")
_NOTHING = re.compile(rf" \(\)|(?<!{ESCAPE})(?:\"\"|'')")
_ALL_VALUE = re.compile(r"<\*>(?:\x00[A-Za-z]+|[\x00-\x03#:/+-]+<\*>)*[.:!?%]*|\x04")


class Masked(NamedTuple):
    """A masked line. `gaps` holds the white space before each token."""

    tokens: tuple[str, ...]
    gaps: tuple[str, ...]


def mask(line: str) -> Masked:
    """Cuts the line into tokens, evident values replaced."""
    masking = Masking()
    return masking.tokens_of(masking.masked([octets_of(line)]))[0][0]


def octets_of(line: str) -> bytes:
    """The line as octets, lone surrogates too."""
    return line.encode("utf-8", "surrogatepass")


class Masking:
    """Masks the lines of one window; remembers their words."""

    def __init__(self) -> None:
        self._judged = Judged()
        self._words = Words(self._judged)
        self._pieces = _Pieces()

    def masked(self, lines: Iterable[bytes]) -> list[str]:
        """The lines with each word that is evidently a value replaced: the first and cheap half of masking."""
        return _replaced((line.translate(_SPACED) for line in lines), self._words)

    def masked_reduced(self, lines: Iterable[bytes]) -> list[str]:
        """The same of lines with their digits as 0, which stay so where a word is not a value."""
        return _replaced(lines, self._judged)

    def tokens_of(self, texts: Sequence[str]) -> list[tuple[Masked, tuple[str, ...]]]:
        """Cuts lines with masked words into tokens, values of several words made one: dates, sizes, lists.

        With each comes its shape: what it shares with lines that differ in their values only.
        """
        return [self._pieces.of(text) for text in _joined("\n".join(texts)).split("\n")] if texts else []


class _Pieces:
    """What words between spaces consist of: their tokens, the gaps before these, their part of the shape."""

    def __init__(self) -> None:
        self._tokens: dict[str, tuple[str, ...]] = {}
        self._gaps: dict[str, tuple[str, ...]] = {}
        self._shape: dict[str, tuple[str, ...]] = {}

    def of(self, text: str) -> tuple[Masked, tuple[str, ...]]:
        if len(self._tokens) >= _PIECES_KEPT:  # between two lines: the words of one are looked up together
            for known in (self._tokens, self._gaps, self._shape):
                known.clear()
        words = text.split(" ")
        for word in words:
            if word not in self._tokens:
                self._add(word)
        tokens = tuple(chain.from_iterable(map(self._tokens.__getitem__, words)))
        gaps = tuple(chain.from_iterable(map(self._gaps.__getitem__, words)))
        shape = tuple(chain.from_iterable(map(self._shape.__getitem__, words)))
        if len(tokens) > TOKEN_LIMIT:
            kept = TOKEN_LIMIT - 1
            tokens, gaps, shape = (*tokens[:kept], VARIABLE), gaps[:TOKEN_LIMIT], (*shape[:kept], VARIABLE)
        return Masked(tokens, gaps), shape

    def _add(self, word: str) -> None:
        tokens = (word,) if word.isalnum() or word == VARIABLE else tuple(filter(None, _PIECES.split(word)))
        self._tokens[word] = tokens
        self._gaps[word] = _GAPS[: len(tokens)]
        self._shape[word] = tokens if word.isalpha() else tuple(map(shape_word, tokens))


def shape_word(token: str) -> str:
    """`<*>` for a value whatever its wording; each run of digits as 0."""
    if token.isalpha() or token == VARIABLE:
        return token
    if token.startswith((VARIABLE, _EMPTY)) and _ALL_VALUE.fullmatch(token):
        return VARIABLE
    return _DIGITS.sub("0", token) if _DIGITS.search(token) else token


def has_digits(tokens: Iterable[str]) -> bool:
    """Whether digits were left in some word."""
    return _DIGITS.search(" ".join(tokens)) is not None


def wording(masked: Masked) -> str:
    """The masked line as a person reads it; adjacent variables are one."""
    text = "".join(chain.from_iterable(zip(masked.gaps, masked.tokens, strict=True))).translate(_UNJOIN).lstrip(" ")
    return _ADJACENT.sub(VARIABLE, text) if "><" in text else text


def _replaced(lines: Iterable[bytes], judged: Judged | Words) -> list[str]:
    """All lines at once; without colours, and with a text in quotes behind `=` as one value."""
    joined = b" \n ".join(lines)
    if b"\x1b" in joined:
        joined = _COLOURS.sub(b"", joined).replace(b"\x1b", b" ")
    if b"\\" in joined:
        joined = _ESCAPED.sub(b"\x05", joined)
    if b'="' in joined or b"='" in joined:
        joined = _QUOTED.sub(b"=<*>", joined)
    words = joined.split(b" ")
    judged.judge(words)
    text = " ".join(map(judged.__getitem__, words))
    while "  " in text:
        text = text.replace("  ", " ")
    return list(map(str.strip, text.split("\n")))


def _joined(text: str) -> str:
    """The lines with no spaces between the words that make one value."""
    if not text.isascii():
        text = "\n".join([" ".join(line.split()) for line in text.split("\n")])
    text = _ADJACENT.sub(VARIABLE, text)
    text = _ABSENT.sub(f"={VARIABLE}", text)
    text = _TRANSITION.sub(f"from {VARIABLE} to {VARIABLE}", text)
    if _MONTHS.search(text):
        text = "\n".join([_DATE.sub(VARIABLE, line) if _MONTHS.search(line) else line for line in text.split("\n")])
    text = _SIZED.sub(_sized, text)
    text = _LIST.sub(_unspaced, text)
    return _NOTHING.sub(_with_nothing, text)


def _with_nothing(match: re.Match[str]) -> str:
    return f"{match[0][:-1]}{_EMPTY}{match[0][-1]}"


def _unspaced(match: re.Match[str]) -> str:
    return match[0].translate(_JOIN)


def _sized(match: re.Match[str]) -> str:
    """`5.2 KB` is one value whose unit may vary; `18846 bytes (18.4 KB)` says one value twice."""
    if match[2] or match[0].startswith("<<"):
        return VARIABLE
    return f"{VARIABLE}\x00{match[1]}"
