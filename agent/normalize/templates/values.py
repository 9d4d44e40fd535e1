"""Values: whether a word of a log line is evidently a value, whatever system wrote it.

The answer depends on where a word's digits stand, never on which digits they are: the miner's caches rely on that.
Lines of a window share most of their words, so each is judged once, and mostly looked up.
"""

import re
from collections.abc import Collection, Iterable
from typing import Final

VARIABLE: Final = "<*>"
ESCAPE: Final = "\x05"
"""Stands for the backslash of an escaped quote, which is a sign as the quote is."""

_WORDS_KEPT: Final = 100_000
_FEW_WORDS: Final = 4_000
"""Up to so many words, telling which are alike costs more than judging each."""
_WORD_LIMIT: Final = 120
"""A word of more characters is a payload (base64, a dump)."""

_RANDOM_LENGTH: Final = 20
_ZERO, _SPACE, _LINE_END, _ESCAPE, _DELETE = 0x30, 0x20, 0x0A, 0x1B, 0x7F
REDUCED: Final = bytes(
    _ZERO
    if 0x30 <= byte <= 0x39
    else _SPACE
    if byte == _DELETE or (byte < _SPACE and byte not in {_LINE_END, _ESCAPE})
    else byte
    for byte in range(256)
)
"""For `bytes.translate`: digits become 0, control characters but the line's end and colours' beginning spaces."""

_HEX = rb"[0a-fA-F]"
_NUMBERS = re.compile(rb"\b(?:0+|(?=[a-fA-F]*0)%b{6,}(?:(?:-%b{4}){3}-%b{12})?)\b" % (_HEX, _HEX, _HEX))
_ZEROS = bytes.maketrans(b"123456789", b"0" * 9)
_SIGNS = r"\s=,;()\[\]{}<>|\"'`"
_CUT = re.compile(rf"([{_SIGNS}{ESCAPE}]+)")
_NODES = re.compile(r"(?<![\w.-])[\w.-]+\[\d+(?:[-,]\d+)+\]")
_QUERY = re.compile(r"(?:\b[A-Za-z][\w+.-]{0,15}:/|(?<![^\s\"'=(]))/[^\s\"'`<>=?]*\?[^\s\"'`<>]*=[^\s\"'`<>]*")
_TAIL: Final = ".:!?%"
_RANDOM = re.compile(r"(?=[^\d]*\d)(?=[^A-Z]*[A-Z])(?!.*[a-z]{5})[\w-]{20,}")  # Epmr3aCkQTyKdu2d-Sp_og
_LETTERS = re.compile(r"true|false|[a-f]{8}|[a-f]{16}", re.IGNORECASE)
_TOP_LEVELS = "com|net|org|edu|gov|mil|io|local|localdomain|internal|lan|svc|arpa"
_COUNTRIES = "au|br|ca|ch|cn|cz|de|dk|es|eu|fi|fr|gr|hk|hu|ie|il|jp|kr|mx|nl|nz|pl|pt|ro|ru|se|sg|tr|tw|ua|uk|us|za"
_CONSONANT = r"[b-df-hj-np-tv-xz\d]"
_VALUES = re.compile(
    rf"""^(?:
      [-+@*]?\d[\w.+:~-]*                                     # 1e-5  80x25  0x1f  2026-01-02T03:04:05Z  7f3a-bc
    | ~?/\S*\w\S* | [a-z]:\\\S* | \\\\\S+                     # paths
    | (?=[a-f]*\d)[0-9a-f]{{6,}}                              # 8a2a501
    | \d\d?/[a-z]{{3}}/\d{{4}}(?::[\d:]+)?                     # 27/Nov/2026:23:02:11
    | [0-9a-f]{{8}}(?:-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}}
    | (?=[^\n_.-]*[_.-])[a-z_][\w.-]*(?:
          [_.-](?:-?\d[\w.-]*|(?=[a-f]*\d)[0-9a-f]{{6,}})     # blk_-3886504906  slave-07  task-a41c09ffe2
        | -(?=[a-z]*\d)[a-z\d]{{6,10}}-[a-z\d]{{5}}           # pods: cart-5d98ffcfd-tz4nc
        | -(?!https)(?:{_CONSONANT}{{6,10}}-)?{_CONSONANT}{{5}}
      )
    | (?=[^\d\n]*\d)(?:
          [-+@$~]*\d[\d.,:/+_-]*(?:[a-zµ]{{1,3}})?(?:/s)?     # 12  -1.5  12:30:01  64KB  0/20
        | v\d+(?:\.\d+)+[\w.+-]*                              # v1.2.3-rc1
        | (?=[^\n.]*\.)(?:
              \S*\d\.\d+\.\d+\.\d[\d:/.-]*                    # whatever ends in an IPv4 address
            | [a-z][\w-]*(?:\.[\w-]+)+:\d+                    # host:port
          )
        | [a-z][a-z_.-]*(?:[_.:-]\d+){{2,}}\w*                # rdd_2_0
        | [a-z]+[a-z_.-]*\d+[_.-][a-z_.-]*\d+[\w.-]*          # a1-b2
        | (?=\w{{8}})[a-z]*\d+[a-z]+\d\w*                     # iA6Cq3lM
      )
    | (?=[^\n.:/@-]*[.:/@-])(?:
          [0-9a-f]{{2}}(?:[:-][0-9a-f]{{2}}){{5,}}            # MAC addresses, fingerprints
        | (?=[^:\n]*:[^:\n]*:)[0-9a-f:]{{3,}}(?:%\w+)?        # IPv6
        | [\w.-]+(?:/[\w.-]+){{2,}}(?::\d+)?                  # src/main/app.py:12
        | [a-z][a-z0-9+.-]*://\S*                             # URLs
        | [\w.+-]+@[\w-]+\.[\w.-]+                            # e-mail addresses
        | [\w.$-]+@[0-9a-f]{{5,}}                             # Java objects
        | (?=[^\n.]*\.)(?:
              [\w-]+(?:\.[\w-]+)*\.(?:{_TOP_LEVELS})(?:[:/]\S*)?
            | [\w-]+(?:\.[\w-]+)+\.(?:{_COUNTRIES})(?:[:/]\S*)?
          )
      )
    | true | false
    )$""",
    re.MULTILINE | re.VERBOSE,
)


class Judged(dict[bytes, str]):
    """What becomes of the words between spaces, by their octets with each digit as 0.

    Many words are judged at once: an expression over all of them costs a small part of one call for each. Of words
    that differ in numbers only, the first is judged.
    """

    def __init__(self) -> None:
        super().__init__({b"\n": "\n", b"": ""})
        self._alike: dict[bytes, str] = {}
        self._parts: dict[str, str] = {}

    def judge(self, words: Iterable[bytes]) -> None:
        """Adds the words it lacks; forgets all when they get too many."""
        if len(self) + len(self._parts) >= _WORDS_KEPT:
            self.clear()
            self._alike.clear()
            self._parts.clear()
            self.update({b"\n": "\n", b"": ""})
        if unknown := [word for word in dict.fromkeys(words) if word not in self]:
            if len(self) < _FEW_WORDS:
                self.update(zip(unknown, self.masked(unknown), strict=True))
                return
            alike = _NUMBERS.sub(b"0", b"\n".join(unknown)).split(b"\n")
            first = dict(zip(reversed(alike), reversed(unknown), strict=True))
            new = [key for key in first if key not in self._alike]
            self._alike.update(zip(new, self.masked([first[key] for key in new]), strict=True))
            self.update(zip(unknown, map(self._alike.__getitem__, alike), strict=True))

    def masked(self, words: Collection[bytes]) -> list[str]:
        """The words with what is evidently a value as `<*>`."""
        if not words:
            return []
        joined = b"\n".join(words).decode("utf-8", "surrogatepass")
        if "[" in joined:
            joined = _NODES.sub(VARIABLE, joined)
        if "?" in joined:
            joined = _QUERY.sub(VARIABLE, joined)
        parts = _CUT.split(joined)
        self._judge_parts(set(parts[::2]).difference(self._parts))
        parts[::2] = map(self._parts.__getitem__, parts[::2])
        return "".join(parts).split("\n")

    def _judge_parts(self, parts: Collection[str]) -> None:
        self._parts.update((part, _of_letters(part)) for part in parts if part.isalpha())
        others = [part for part in parts if not part.isalpha()] or [""]
        bodies = [part.rstrip(_TAIL) if len(part) <= _WORD_LIMIT else "" for part in others]
        verdicts = _VALUES.sub(VARIABLE, "\n".join(bodies).lower()).split("\n")
        for part, body, verdict in zip(others, bodies, verdicts, strict=True):
            self._parts[part] = VARIABLE + part[len(body) :] if verdict == VARIABLE else _in_parts(part, body)


class Words(dict[bytes, str]):
    """The same by the words' octets as they are: digits that are not part of a value are left."""

    def __init__(self, judged: Judged) -> None:
        super().__init__()
        self._judged = judged

    def judge(self, words: Iterable[bytes]) -> None:
        """Adds the words it lacks."""
        if len(self) >= _WORDS_KEPT:
            self.clear()
        unknown = [word for word in set(words) if word not in self]
        reduced = [word.translate(_ZEROS) for word in unknown]
        self._judged.judge(reduced)
        self.update(zip(unknown, map(self._judged.__getitem__, reduced), strict=True))
        if left := [word for word in unknown if "0" in self[word]]:
            self.update(zip(left, self._judged.masked(left), strict=True))


def _of_letters(word: str) -> str:
    return VARIABLE if len(word) in {4, 5, 8, 16} and _LETTERS.fullmatch(word) else word


def _in_parts(word: str, body: str) -> str:
    """The word with what is evidently a value between its `:`, `/` and `#` as `<*>`."""
    if len(word) > _WORD_LIMIT:
        return VARIABLE
    if len(body) >= _RANDOM_LENGTH and _RANDOM.fullmatch(body):
        return VARIABLE + word[len(body) :]
    for sign in ":/#":
        if sign in body:
            return sign.join([_masked(part) for part in body.split(sign)]) + word[len(body) :]
    return word


def _masked(word: str) -> str:
    if not word or word.isalpha():
        return _of_letters(word)
    body = word.rstrip(_TAIL)
    return VARIABLE + word[len(body) :] if _VALUES.fullmatch(body.lower()) else _in_parts(word, body)
