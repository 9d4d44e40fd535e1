"""A failure that keeps coming back: each time it was dealt with, never its cause."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta

from agent.advice.material import Material
from agent.domain.incident import Incident, IncidentState
from agent.domain.suggestion import Priority, Shown, Suggestion

TIMES = 3
"""Seen so often, it recurs."""
OFTEN = 6
APART = timedelta(hours=1)
"""Looking at one outage again and again does not make it several: seen again counts once in so long."""
_SHOWN = 3


def recurring_incidents(material: Material) -> Iterator[Suggestion]:
    """Patterns met TIMES times or more, of one subject or of several; the fix that helped most is named."""
    kinds: dict[str, list[Incident]] = defaultdict(list)
    for incident in material.remembered.incidents:
        if incident.state is not IncidentState.MERGED:
            kinds[incident.pattern].append(incident)
    for pattern, incidents in sorted(kinds.items()):
        times = sum(_times(incident) for incident in incidents)
        if times < TIMES:
            continue
        newest = max(incidents, key=lambda one: one.last_seen_at)
        subjects = sorted({incident.subject for incident in incidents})
        resolutions = [one.resolution for one in incidents if one.resolution]
        yield Suggestion(
            rule="recurring-incident",
            priority=Priority.HIGH if times >= OFTEN else Priority.MEDIUM,
            subject=pattern,
            title=f"{newest.category} happened {times} times, to {', '.join(subjects[:_SHOWN])}",
            why=f"last at {newest.last_seen_at:%Y-%m-%d %H:%M} UTC: {newest.cause}",
            fix=_fix(material, pattern, resolutions, newest),
            evidence=tuple(Shown(f"incident {one.id}", None, one.title) for one in incidents[:_SHOWN]),
        )


def _times(incident: Incident) -> int:
    return min(incident.times_seen, 1 + (incident.last_seen_at - incident.opened_at) // APART)


def _fix(material: Material, pattern: str, resolutions: list[str], newest: Incident) -> str:
    rates = [rate for rate in material.remembered.rates if rate.pattern == pattern and rate.resolved]
    if rates:
        best = max(rates, key=lambda rate: (rate.resolved / rate.tried, rate.resolved))
        often = f"{best.fix_id} resolved {best.resolved} of {best.tried}"
        return f"{often}; make it permanent: `blissful-infra fix show {newest.id}`"
    if resolutions:
        return f"it was resolved by: {resolutions[0]}; make that permanent"
    return f"`blissful-infra analyze --incident {newest.id}` shows the cause and what would confirm it"
