"""Takes secrets out of text before it is stored or shown."""

import json
import re
from collections.abc import Iterable
from pathlib import Path

MASK = "********"
SHORTEST = 6
"""Shorter values are left: they would blank out ordinary words. Generated ones have 32 characters."""

_KNOWN_SHAPES = (
    re.compile(r"(?P<before>\b[a-z][a-z0-9+.-]*://[^\s:/@\"']+:)(?P<secret>[^\s@\"']+)(?=@)"),
    re.compile(r"(?i)(?P<before>\b[\w-]*(?:password|passwd|secret|api_?key|access_?key)\b[\"']?\s*[=:]\s*[\"']?)"
               r"(?P<secret>[^\s\"',;&}\\]{3,})"),
    re.compile(r"(?i)(?P<before>\bbearer\s+)(?P<secret>[a-z0-9._~+/-]{8,}=*)"),
)


def secrets_in(file: Path) -> dict[str, str]:
    """The `NAME=value` lines of a secrets file; empty when there is none."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except OSError:
        return {}
    pairs = (line.split("=", 1) for line in lines if "=" in line and not line.lstrip().startswith("#"))
    return {name.strip(): value.strip() for name, value in pairs}


def redacted(text: str, secrets: Iterable[str] = ()) -> str:
    """The text without these values (as they are, and as JSON writes them) and without what looks like a password."""
    for secret in sorted(secrets, key=len, reverse=True):
        if len(secret) >= SHORTEST:
            text = text.replace(secret, MASK)
            escaped = json.dumps(secret)[1:-1]
            text = text.replace(escaped, MASK) if escaped != secret else text
    for shape in _KNOWN_SHAPES:
        text = shape.sub(rf"\g<before>{MASK}", text)
    return text
