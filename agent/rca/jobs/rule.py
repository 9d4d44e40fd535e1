"""What a tool writes when it fails, as a pattern of lines; and which of these tell of a job best."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from agent.rca.jobs.job import Job

MOST = 40
"""Matches of one rule that are kept: more are the same failure again."""
OUTSIDE = 0.6
"""How much a match before the failing step counts."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A line that shows a failure; its groups `test`, `file` and `item` name what failed.

    `details` are further lines worth quoting in the same step; `strength` is higher for what is more specific.
    """

    name: str
    category: str
    told: str
    seen: re.Pattern[str]
    strength: float
    fix: str
    details: re.Pattern[str] | None = None


@dataclass(frozen=True, slots=True)
class Find:
    """The places where a rule matched, with the lines that go with it."""

    rule: Rule
    strength: float
    hits: tuple[re.Match[str], ...]
    places: tuple[int, ...]
    details: tuple[int, ...]
    detail_texts: tuple[str, ...]


def rule(name: str, category: str, told: str, seen: str, strength: float, fix: str, details: str = "") -> Rule:
    """A rule from its patterns."""
    return Rule(name, category, told, re.compile(seen), strength, fix, re.compile(details) if details else None)


def finds_of(job: Job, rules: Iterable[Rule]) -> list[Find]:
    """The rules that matched, the most telling first. What stands before the failing step counts less."""
    found = []
    for one in rules:
        find = _find(job, one, job.start, 1.0) or _find(job, one, 0, OUTSIDE)
        if find is not None:
            found.append(find)
    return sorted(found, key=lambda find: (-find.strength, -find.places[0], find.rule.name))


def _find(job: Job, one: Rule, start: int, share: float) -> Find | None:
    hits, places = [], []
    for index in range(start, min(job.end + 1, len(job.lines))):
        if (hit := one.seen.search(job.lines[index])) is not None:
            hits.append(hit)
            places.append(index)
            if len(hits) == MOST:
                break
    if not hits:
        return None
    first = max(start, places[0] - 5)
    details: list[int] = []
    if one.details is not None:
        details = [index for index in range(first, job.end + 1) if one.details.search(job.lines[index])]
    return Find(
        one, one.strength * share, tuple(hits), tuple(places), tuple(details), tuple(job.lines[at] for at in details)
    )
