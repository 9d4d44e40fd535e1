"""Takes secrets out of text before it is stored or shown."""

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

MASK = "********"
SHORTEST = 6
"""Shorter values are left: they would blank out ordinary words. Generated ones have 32 characters."""

_KNOWN_SHAPES = (
    re.compile(r"(?P<before>\b[a-z][a-z0-9+.-]*://[^\s:/@\"']+:)(?P<secret>[^\s@\"']+)(?=@)"),
    re.compile(
        r"(?i)(?P<before>\b[\w-]*(?:password|passwd|secret|api_?key|access_?key)\b[\"']?\s*[=:]\s*[\"']?)"
        r"(?P<secret>[^\s\"',;&}\\]{3,})"
    ),
    re.compile(r"(?i)(?P<before>\bbearer\s+)(?P<secret>[a-z0-9._~+/-]{8,}=*)"),
)

_SECRET_NAME = re.compile(r"(?i)[\w-]*(password|passwd|secret|api_?key|access_?key|token)")


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


def redacted_document(value: Any, secrets: Iterable[str] = ()) -> Any:
    """The same for every text in a JSON document; what stands under a password's name is masked whole."""
    known = tuple(secrets)
    if isinstance(value, str):
        return redacted(value, known)
    if isinstance(value, dict):
        return {
            redacted(str(name), known): MASK
            if _SECRET_NAME.fullmatch(str(name)) and isinstance(inner, str) and inner
            else redacted_document(inner, known)
            for name, inner in value.items()
        }
    if isinstance(value, list | tuple):
        return [redacted_document(inner, known) for inner in value]
    return value
