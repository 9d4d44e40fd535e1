"""One failure signature, and reading signatures from data."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """`regex` is tried on a line that holds one of `literals` (lower case, so that much text is passed over fast).

    `cause` may name the regex's groups and `{subject}` in braces. The group `subject`, where there is one, is the
    component at fault; else it is the object or the log's subject in which the line stands.
    """

    id: str
    category: str
    literals: tuple[str, ...]
    regex: re.Pattern[str]
    cause: str
    strength: float


def patterns_of(data: Iterable[Mapping[str, Any]]) -> tuple[Pattern, ...]:
    """The patterns of a list of mappings with the fields' names as keys. Raises `ValueError` naming a wrong one."""
    patterns = []
    for entry in data:
        try:
            pattern = Pattern(
                id=entry["id"],
                category=entry["category"],
                literals=tuple(entry["literals"]),
                regex=re.compile(entry["regex"], re.IGNORECASE),
                cause=entry["cause"],
                strength=float(entry["strength"]),
            )
            pattern.cause.format_map({**dict.fromkeys(pattern.regex.groupindex, ""), "subject": ""})
        except (KeyError, TypeError, ValueError, re.error) as error:
            raise ValueError(f"failure pattern {entry.get('id', '?')!r}: {error!r}") from error
        patterns.append(pattern)
    return tuple(patterns)
