"""The failure patterns with what memory holds of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from agent.domain.incident import PatternSeen, SuccessRate
from agent.rca.incidents import pattern_of
from blissful_infra.cli.knowing import patterns_of_folder
from blissful_infra.remembering import open_knowledge
from blissful_infra.settings.reading import find_project, load_settings


@dataclass(frozen=True, slots=True)
class PatternRow:
    """One pattern; its origin is `shipped`, `team`, or `engine` for what other lines of reasoning found."""

    pattern: str
    origin: str
    incidents: int = 0
    times_seen: int = 0
    last_seen_at: datetime | None = None
    rates: tuple[SuccessRate, ...] = ()

    @property
    def shape(self) -> dict[str, Any]:
        """The row as plain data."""
        category, _, rule = self.pattern.partition("/")
        last = self.last_seen_at
        return {
            "pattern": self.pattern,
            "category": category,
            "rule": rule,
            "origin": self.origin,
            "incidents": self.incidents,
            "times_seen": self.times_seen,
            "last_seen_at": None if last is None else last.astimezone(UTC).isoformat().replace("+00:00", "Z"),
            "fixes": [{"id": rate.fix_id, "tried": rate.tried, "resolved": rate.resolved} for rate in self.rates],
        }


def pattern_rows() -> tuple[PatternRow, ...]:
    """The most often met first, then those never met, by name."""
    project_file = find_project(Path.cwd())
    known = patterns_of_folder(project_file.resolve().parent)
    origins = {pattern_of(one.category, one.id): "shipped" for one in known.shipped}
    origins |= {pattern_of(one.category, one.id): "team" for one in known.team}
    with open_knowledge(load_settings(project_file)) as base:
        met = {one.pattern: (one, base.success_rates(one.pattern)) for one in base.patterns()}
    return (*_met(met, origins), *(PatternRow(name, origins[name]) for name in sorted(origins) if name not in met))


def _met(met: dict[str, tuple[PatternSeen, tuple[SuccessRate, ...]]], origins: dict[str, str]) -> Iterator[PatternRow]:
    for name, (seen, rates) in met.items():
        origin = origins.get(name, "engine")
        yield PatternRow(name, origin, seen.incidents, seen.times_seen, seen.last_seen_at, rates)
