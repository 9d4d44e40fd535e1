"""Takes secrets out of text before it is stored, shown to a model, put into a prompt, or sent anywhere."""

import json
import re
from collections.abc import Iterable, Iterator

MASK = "********"
SHORTEST = 6
"""Known values shorter than this are left: they would blank out ordinary words."""

_SHAPES = (
    re.compile(r"(?P<before>\b[a-z][a-z0-9+.-]{0,20}://[^\s:/@\"']{0,200}:)(?P<secret>[^\s@\"'/]{1,500})(?=@)"),
    re.compile(
        r"(?i)(?P<before>[\w-]{0,60}(?:password|passwd|secret|token|api_?key|access_?key|credential)s?"
        r"(?:\\?[\"'])?\s{0,3}[=:]\s{0,3}(?:\\?[\"'])?)(?P<secret>[^\s\"',;&}\\]{3,})"
    ),
    re.compile(r"(?i)(?P<before>\b(?:bearer|basic)\s+)(?P<secret>[a-z0-9._~+/-]{8,}=*)"),
    re.compile(r"(?P<before>\b)(?P<secret>eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{4,})"),
    re.compile(r"(?P<before>\b)(?P<secret>(?:gh[pousr]_|github_pat_|glpat-|xox[abprs]-|AKIA)[A-Za-z0-9_-]{12,})"),
    re.compile(r"(?P<before>-----BEGIN [A-Z ]*PRIVATE KEY-----)(?P<secret>[\s\S]{1,10000}?)(?=-----END|$)"),
)


_LITERALS = (
    *("passw", "secret", "token", "apikey", "api_key", "accesskey", "access_key", "credential", "bearer", "basic"),
    *("eyj", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "xox", "akia"),
)
"""One of these, in lower case, stands in whatever the shapes find, but in an address with a password and in a key."""
_ADDRESS = re.compile(r"://[^\s/]{1,701}@")
_AFTER = re.compile(r"(?:[^\n]*\s*){3}")
_LONG = 2_000


def redacted(text: str, secrets: Iterable[str] = ()) -> str:
    """The text without these values, and without what looks like a password, a token or a private key.

    The values are found as they are, and as JSON writes them.
    """
    for secret in sorted(secrets, key=len, reverse=True):
        if len(secret) >= SHORTEST:
            text = text.replace(secret, MASK).replace(json.dumps(secret)[1:-1], MASK)
    if len(text) < _LONG or "PRIVATE KEY" in text:
        return _masked(text)
    pieces: list[str] = []
    done = 0
    for start, end in _suspicious(text):
        pieces += (text[done:start], _masked(text[start:end]))
        done = end
    return "".join((*pieces, text[done:])) if pieces else text


def _masked(text: str) -> str:
    for shape in _SHAPES:
        text = shape.sub(rf"\g<before>{MASK}", text)
    return text


def _suspicious(text: str) -> Iterator[tuple[int, int]]:
    """The stretches of whole lines in which a shape could be found: a hundred times as quick as trying them all."""
    lowered = text.lower()
    if len(lowered) != len(text) or "\u017f" in lowered:  # letters that a search in any case takes for others
        yield 0, len(text)
        return
    places = [hit.end() for hit in _ADDRESS.finditer(text)]
    for literal in _LITERALS:
        at = lowered.find(literal)
        while at >= 0:
            places.append(at + len(literal))
            at = lowered.find(literal, at + len(literal))
    start = end = 0
    for place in sorted(places):
        if place > end:
            if end:
                yield start, end
            start = max(end, text.rfind("\n", 0, place) + 1)
        after = _AFTER.match(text, place)
        end = max(end, after.end() if after else len(text))
    if end:
        yield start, end
