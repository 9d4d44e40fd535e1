"""Takes secrets out of text before it is stored, shown to a model, put into a prompt, or sent anywhere."""

import json
import re
from collections.abc import Iterable

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


def redacted(text: str, secrets: Iterable[str] = ()) -> str:
    """The text without these values, and without what looks like a password, a token or a private key.

    The values are found as they are, and as JSON writes them.
    """
    for secret in sorted(secrets, key=len, reverse=True):
        if len(secret) >= SHORTEST:
            text = text.replace(secret, MASK).replace(json.dumps(secret)[1:-1], MASK)
    for shape in _SHAPES:
        text = shape.sub(rf"\g<before>{MASK}", text)
    return text
