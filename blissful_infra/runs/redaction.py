"""Takes secrets out of a run's events: out of each text of a JSON document."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from agent.normalize.redaction import MASK, redacted

_SECRET_NAME = re.compile(r"(?i)[\w-]*(password|passwd|secret|api_?key|access_?key|token)")


def secrets_in(file: Path) -> dict[str, str]:
    """The `NAME=value` lines of a secrets file; empty when there is none."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except OSError:
        return {}
    pairs = (line.split("=", 1) for line in lines if "=" in line and not line.lstrip().startswith("#"))
    return {name.strip(): value.strip() for name, value in pairs}


def redacted_document(value: Any, secrets: Iterable[str] = ()) -> Any:
    """The document with every text redacted; what stands under a password's name is masked whole."""
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
