"""A rule: what a tool writes when it fails; and which of these tell of a job best."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from agent.rca.jobs.job import Job

MOST = 40
"""Matches of one rule that are kept: more are the same failure again."""
OUTSIDE = 0.6
"""How much a match before the failing step counts."""
ENOUGH = 0.6
"""A find in the failing step from which on nothing outside of it can tell more."""
LINES = 20_000
"""Lines before the end of the failing step that are looked at."""
ABOVE = 40
"""Lines above the first match in which its details may stand."""

_PASSES = re.compile(
    r"^\W*(?:ok|PASS(?:ED)?|✓|✔|√|--- (?:PASS|SKIP):)\s|\.\.\. ?(?:ok|passed|ignored|skipped)$|"
    r"\b(?:PASSED|SKIPPED)(?: +\[ *\d+%\])?$"
)
"""A test that passes may be named after any failure."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A line that shows a failure; its groups `test`, `file` and `item` name what failed.

    `details` are further lines worth quoting in the same step; `strength` is higher for what is more specific. With
    `last`, the match next to the step's end speaks, not the first one.
    """

    name: str
    category: str
    told: str
    seen: re.Pattern[str]
    strength: float
    fix: str
    details: re.Pattern[str] | None = None
    last: bool = False


@dataclass(frozen=True, slots=True)
class Find:
    """The places where a rule matched; `details` are the places of the lines that go with it, the nearest first."""

    rule: Rule
    strength: float
    hits: tuple[re.Match[str], ...]
    places: tuple[int, ...]
    details: tuple[int, ...]


def rule(
    name: str, category: str, told: str, seen: str, strength: float, fix: str, details: str = "", *, last: bool = False
) -> Rule:
    """A rule from its patterns."""
    return Rule(name, category, told, re.compile(seen), strength, fix, re.compile(details) if details else None, last)


def finds_of(job: Job, rules: Sequence[Rule]) -> list[Find]:
    """The rules that matched, the most telling first. What stands before the failing step is asked for only where
    the step itself says little, and counts less."""
    found = _found(job, rules, job.body, 1.0)
    if all(find.strength < ENOUGH for find in found):
        heard = {find.rule.name for find in found}
        found += _found(job, [one for one in rules if one.name not in heard], 0, OUTSIDE)
    return sorted(found, key=lambda find: (-find.strength, -find.places[0], find.rule.name))


def _found(job: Job, rules: Iterable[Rule], start: int, share: float) -> list[Find]:
    start = max(start, job.end - LINES)
    return [find for one in rules if (find := _find(job, one, start, share)) is not None]


def _find(job: Job, one: Rule, start: int, share: float) -> Find | None:
    places = [
        index
        for index in range(start, min(job.end + 1, len(job.lines)))
        if one.seen.search(job.lines[index]) and (one.last or not _PASSES.search(job.lines[index]))
    ]
    if not places:
        return None
    places = places[-1:] if one.last else places[:MOST]
    hits = tuple(hit for index in places if (hit := one.seen.search(job.lines[index])))
    details: list[int] = []
    if one.details is not None:
        reach = range(max(start, places[0] - ABOVE), job.end + 1)
        details = [index for index in reach if one.details.search(job.lines[index])]
        details.sort(key=lambda index: min(abs(index - place) for place in places[:5]))
    return Find(one, one.strength * share, hits, tuple(places), tuple(details))
