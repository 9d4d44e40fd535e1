"""Masking: what in a log line is evidently a value, whatever system wrote it.

A line is cut into tokens at white space and at the signs programs put around values; a token that looks like a
number, time, size, address, path, URL, identifier or boolean becomes `<*>`. A word with a digit in it (`SOCKS5`,
`tty2`, `node07`) stays: only comparison with other lines can tell whether it varies.

    >>> wording(mask("Accepted key for bob from 10.0.0.7 port 22 ssh2"))
    'Accepted key for bob from <*> port <*> ssh2'

Whether and where a line is masked depends on where its digits stand, never on which digits they are: the miner's
cache relies on that.
"""

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

VARIABLE: Final = "<*>"
TOKEN_LIMIT: Final = 96
"""More tokens than this say nothing more about which template a line has; the rest counts as one variable."""

_WORDS_KEPT = 100_000
_WORD_LIMIT: Final = 120
"""A token of more characters is a payload (base64, a dump), not a word."""

_JOIN: Final = str.maketrans(" ,;|", "\x00\x01\x02\x03")
_UNJOIN: Final = str.maketrans("\x00\x01\x02\x03", " ,;|", "\x04")
_EMPTY: Final = "\x04"
"""Control characters never occur in what is masked, so they stand for the signs inside one value, and for no value."""

_AS_ZERO: Final = dict.fromkeys(map(ord, "123456789"), "0")

_QUOTE = r"(?<![^\W\d_])'|'(?![^\W\d_])"  # but not the apostrophe of `can't`
_CUT = re.compile(r"([\s=,;()\[\]{}<>|\"'`]+)")
_PIECES = re.compile(rf"([=,;()\[\]{{}}|\"`]|{_QUOTE}|:(?=\s|\Z)|\s+)")
_COLOURS = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_CONTROLS = dict.fromkeys((*range(0x20), 0x7F), " ")
_TAIL = re.compile(r"[.:!?%]*\Z")
_DIGITS = re.compile(r"\d+")
_TOP_LEVELS = "com|net|org|edu|gov|mil|io|local|localdomain|internal|lan|svc|arpa"
_COUNTRIES = "au|br|ca|ch|cn|cz|de|dk|es|eu|fi|fr|gr|hk|hu|ie|il|jp|kr|mx|nl|nz|pl|pt|ro|ru|se|sg|tr|tw|ua|uk|us|za"
_VALUE = re.compile(
    rf"""
      [-+@$~]*\d[\d.,:/+_-]*(?:[a-zµ]{{1,3}})?(?:/s)?          # 12  -1.5  12:30:01  64KB  0/20
    | [-+@]?\d[\w.+:-]*                                       # 1e-5  80x25  0x1f  2026-01-02T03:04:05Z  7f3a-bc
    | v\d+(?:\.\d+)+[\w.+-]*                                  # v1.2.3-rc1
    | (?=[^\d]*\d)[0-9a-f]{{6,}}                              # 8a2a501
    | [0-9a-f]{{2}}(?:[:-][0-9a-f]{{2}}){{5,}}                # MAC addresses, fingerprints
    | [0-9a-f]{{8}}-[0-9a-f]{{4}}-[0-9a-f]{{4}}-[0-9a-f]{{4}}-[0-9a-f]{{12}}
    | (?=[^:]*:[^:]*:)[0-9a-f:]{{3,}}(?:%\w+)?                # IPv6
    | ~?/\S*\w\S* | [a-z]:\\\S* | \\\\\S+                     # paths
    | [\w.-]+(?:/[\w.-]+){{2,}}(?::\d+)?                      # src/main/app.py:12
    | [a-z][a-z0-9+.-]*://\S*                                 # URLs
    | \S*\d\.\d+\.\d+\.\d[\d:/.-]*                            # whatever ends in an IPv4 address
    | [\w.+-]+@[\w-]+\.[\w.-]+                                # e-mail addresses
    | [\w.$-]+@[0-9a-f]{{5,}}                                 # Java objects
    | [\w-]+(?:\.[\w-]+)*\.(?:{_TOP_LEVELS})(?:[:/]\S*)?      # host names
    | [\w-]+(?:\.[\w-]+)+\.(?:{_COUNTRIES})(?:[:/]\S*)?
    | [a-z][\w-]*(?:\.[\w-]+)+:\d+                            # host:port
    | [a-z][\w.-]*[_.-]-?\d+[\w.-]*                          # blk_-3886504906  slave-07
    | [a-z][\w.-]*[_.-](?=[a-f]*\d)[0-9a-f]{{6,}}             # task-a41c09ffe2
    | [a-z][a-z_.-]*(?:[_.:-]\d+){{2,}}\w*                    # rdd_2_0
    | [a-z]+[a-z_.-]*\d+[_.-][a-z_.-]*\d+[\w.-]*              # a1-b2
    | [a-z][\w.-]*-(?=[a-z]*\d)[a-z\d]{{6,10}}-[a-z\d]{{5}}      # pods: cart-5d98ffcfd-tz4nc
    | [a-z][\w.-]*-(?!https)(?:[b-df-hj-np-tv-xz\d]{{6,10}}-)?[b-df-hj-np-tv-xz\d]{{5}}
    | (?=\w{{8}})[a-z]*\d+[a-z]+\d\w*                         # iA6Cq3lM
    | true | false
    """,
    re.IGNORECASE | re.VERBOSE,
)
_VALUE_LIKE = re.compile(r"[^A-Za-z_$*+&!?<>%]")
_HEXADECIMAL = re.compile(r"[A-Fa-f]{8}|[A-Fa-f]{16}")
_MONTH = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*"
_DATE = re.compile(
    rf"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? )?(?:\b{_MONTH} <\*>|<\*> {_MONTH})"
    r"(?:,? <\*>){1,2}(?: [A-Z]{3,4}(?: <\*>)?)?(?![\w.])"
)
_SIZED = re.compile(
    r"<?<\*> ((?:[KMGTP]i?)?(?:B|bytes?|bits?)|[mun]?s|secs?|seconds?|minutes?|hours?|days?|msecs?|millis(?:econds)?)\b"
    r"( \(<\*>(?: (?:[KMGTP]i?)?(?:B|bytes?))?\))?"
)
_NODES = re.compile(r"[\w.-]+\[\d+(?:[-,]\d+)+\]")
_QUOTED = re.compile(r"""(?<==)(["'])[^"'=]*\1""")
_ABSENT = re.compile(r"(?<==)(?:null|nil|none|n/a|undefined|\w+\{<\*>\})(?![\w.])", re.IGNORECASE)
_TRANSITION = re.compile(r"\bfrom [A-Z][A-Z_]+ to [A-Z][A-Z_]+\b")
_LIST = re.compile(r"<\*>(?:\x00\w+)?(?:[ ,;|#:/+-]+<\*>(?:\x00\w+)?)+")
_ADJACENT = re.compile(r"<\*>(?:<\*>)+")
_ALL_VALUE = re.compile(r"<\*>(?:\x00[A-Za-z]+|[\x00-\x03#:/+-]+<\*>)*[.:!?%]*|\x04")


class Masked(NamedTuple):
    """A masked line. `gaps` holds the white space before each token."""

    tokens: tuple[str, ...]
    gaps: tuple[str, ...]


class Words(dict[str, str]):
    """Words as they were judged, so that each is judged once; forgets all when they get too many.

    Words that differ in their digits only are judged alike, so for a value the first of them is enough.
    """

    def __init__(self) -> None:
        super().__init__()
        self._alike: dict[str, str | None] = {}

    def __missing__(self, word: str) -> str:
        if len(self) >= _WORDS_KEPT:
            self.clear()
            self._alike.clear()
        if word.isalpha() or word.isspace():
            judged: str | None = _masked_word(word)
        else:
            key = word.translate(_AS_ZERO)
            judged = self._alike.get(key, "")
            if judged == "":
                whole = _masked_word(key)
                judged = self._alike[key] = None if "0" in whole else whole
            if judged is None:
                judged = _masked_word(word)
        self[word] = judged = judged or ""
        return judged


def mask(line: str) -> Masked:
    """Cuts the line into tokens, evident values replaced."""
    return tokens_of(masked_words(line, Words()))


def masked_words(line: str, words: Words) -> str:
    """The line with each word that is evidently a value replaced: the first and cheap half of masking."""
    if not line.isprintable():
        line = _COLOURS.sub("", line).translate(_CONTROLS)
    if "[" in line:
        line = _NODES.sub(VARIABLE, line)
    if '="' in line or "='" in line:
        line = _QUOTED.sub(VARIABLE, line)
    return "".join(map(words.__getitem__, _CUT.split(line)))


def tokens_of(text: str) -> Masked:
    """Cuts a line with masked words into tokens, values of several words made one: dates, sizes, lists."""
    text = _ADJACENT.sub(VARIABLE, " ".join(text.split()))
    text = _ABSENT.sub(VARIABLE, text)
    text = _TRANSITION.sub(f"from {VARIABLE} to {VARIABLE}", text)
    text = _DATE.sub(VARIABLE, text)
    text = _SIZED.sub(_sized, text)
    text = _LIST.sub(lambda match: match[0].translate(_JOIN), text)
    text = text.replace(" ()", f" ({_EMPTY})").replace('""', f'"{_EMPTY}"').replace("''", f"'{_EMPTY}'")
    tokens: list[str] = []
    gaps: list[str] = []
    gap = ""
    for piece in _PIECES.split(text):
        if piece == " ":
            gap = " "
        elif piece:
            if len(tokens) == TOKEN_LIMIT:
                tokens[-1] = VARIABLE
                break
            tokens.append(piece)
            gaps.append(gap)
            gap = ""
    return Masked(tuple(tokens), tuple(gaps))


def shape_of(tokens: Iterable[str]) -> tuple[str, ...]:
    """What lines of one shape share: each value as `<*>` whatever its wording, each run of digits as 0."""
    return tuple(
        VARIABLE if _ALL_VALUE.fullmatch(token) else token if token.isalpha() else _DIGITS.sub("0", token)
        for token in tokens
    )


def has_digits(tokens: Iterable[str]) -> bool:
    """Whether digits were left in some word."""
    return any(_DIGITS.search(token) for token in tokens)


def wording(masked: Masked) -> str:
    """The masked line as a person reads it; adjacent variables are one."""
    text = "".join(gap + token for gap, token in zip(masked.gaps, masked.tokens, strict=True)).translate(_UNJOIN)
    return _ADJACENT.sub(VARIABLE, text)


def _masked_word(word: str) -> str:
    if len(word) > _WORD_LIMIT:
        return word if word.isspace() else VARIABLE
    if not _VALUE_LIKE.search(word):
        return VARIABLE if word.lower() in {"true", "false"} or _HEXADECIMAL.fullmatch(word) else word
    tail = _TAIL.search(word)
    end = tail.start() if tail else len(word)
    body = word[:end]
    if body and _VALUE.fullmatch(body):
        return VARIABLE + word[end:]
    for sign in ":/#":
        if sign in body:
            return sign.join(_masked_word(part) if part else "" for part in body.split(sign)) + word[end:]
    return word


def _sized(match: re.Match[str]) -> str:
    """`5.2 KB` is one value whose unit may vary; `18846 bytes (18.4 KB)` says one value twice."""
    if match[2] or match[0].startswith("<<"):
        return VARIABLE
    return f"{VARIABLE}\x00{match[1]}"
