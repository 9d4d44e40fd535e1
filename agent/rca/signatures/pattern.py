"""One failure signature, and reading signatures from data."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """`regex` is tried on a line that holds one of `literals` (lower case, so that much text is passed over fast).

    `cause` may name the regex's groups and `{subject}` in braces. The group `subject`, where there is one, is the
    component at fault; else it is the object or the log's subject in which the line stands. `confirm` are commands that
    would confirm it, `fixes` the ids of fixes that help; both may be left out. `lines` is how many lines, joined by a
    space, the regex looks at from the one with the literal on.
    """

    id: str
    category: str
    literals: tuple[str, ...]
    source: str
    cause: str
    strength: float
    confirm: tuple[str, ...] = ()
    fixes: tuple[str, ...] = ()
    lines: int = 1

    @property
    def regex(self) -> re.Pattern[str]:
        """Compiled when first needed: most patterns of most runs never are."""
        return _compiled(self.source)


@cache
def _compiled(source: str) -> re.Pattern[str]:
    return re.compile(source, re.IGNORECASE)


def patterns_of(data: Iterable[Mapping[str, Any]], *, checked: bool = False) -> tuple[Pattern, ...]:
    """The patterns of a list of mappings with the fields' names as keys (`regex` for the source of it).

    Raises `ValueError` naming a wrong one. Those that were `checked` before are not compiled to see that they can be.
    """
    patterns = []
    for entry in data:
        try:
            pattern = Pattern(
                id=entry["id"],
                category=entry["category"],
                literals=tuple(entry["literals"]),
                source=entry["regex"],
                cause=entry["cause"],
                strength=float(entry["strength"]),
                confirm=tuple(str(one) for one in entry.get("confirm", ())),
                fixes=tuple(str(one) for one in entry.get("fixes", ())),
                lines=int(entry.get("lines", 1)),
            )
            if not checked:
                pattern.cause.format_map({**dict.fromkeys(pattern.regex.groupindex, ""), "subject": ""})
        except (KeyError, TypeError, ValueError, re.error) as error:
            raise ValueError(f"failure pattern {entry.get('id', '?')!r}: {error!r}") from error
        patterns.append(pattern)
    return tuple(patterns)
