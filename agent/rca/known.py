"""The components that the evidence knows by name, and finding the names of others in a text."""

import re
from collections.abc import Iterable
from functools import cache

from agent.domain.investigation import Investigation
from agent.normalize.kubernetes.describe import workload_of

SHORTEST = 3
LONGEST_TEXT = 2000


def components_of(investigation: Investigation) -> frozenset[str]:
    """Whoever has logs, metrics or spans, calls or is called, or was named as a candidate."""
    names = {log.subject for log in investigation.logs}
    names |= {one.subject for one in investigation.series} | {span.service for span in investigation.spans}
    names |= {name for edge in investigation.edges for name in edge} | set(investigation.subjects)
    return frozenset(workload_of(name) for name in names if len(name) >= SHORTEST)


def named_in(text: str, names: Iterable[str], *, but: str) -> str | None:
    """The first of the names that stands in the text as a word, the longest of those that begin there."""
    pattern = _pattern(tuple(sorted(names)))
    if pattern is None:
        return None
    others = (found[0] for found in pattern.finditer(text[:LONGEST_TEXT]))
    return next((name for name in others if name.lower() != but.lower()), None)


@cache
def _pattern(names: tuple[str, ...]) -> re.Pattern[str] | None:
    longest_first = sorted(names, key=lambda name: (-len(name), name))
    alternatives = "|".join(re.escape(name) for name in longest_first)
    return re.compile(rf"(?<![\w-])(?:{alternatives})(?![\w-])") if names else None
