"""An open incident for which a fix is known that mostly helped."""

from collections.abc import Iterator

from agent.advice.material import Material
from agent.domain.incident import IncidentState
from agent.domain.suggestion import Priority, Shown, Suggestion

TRIED = 3
HELPED = 2 / 3


def proven_fixes(material: Material) -> Iterator[Suggestion]:
    """Fixes tried TRIED times or more on the pattern of an open incident that resolved two in three."""
    for incident in material.remembered.incidents:
        if incident.state is not IncidentState.OPEN:
            continue
        for rate in material.remembered.rates:
            if rate.pattern == incident.pattern and rate.tried >= TRIED and rate.resolved >= HELPED * rate.tried:
                yield Suggestion(
                    rule="proven-fix",
                    priority=Priority.HIGH,
                    subject=f"{incident.id} {rate.fix_id}",
                    title=f"{incident.title}: {rate.fix_id} resolved {rate.resolved} of {rate.tried} such incidents",
                    why="the incident is open, and this mostly helped your team",
                    fix=f"`blissful-infra fix show {incident.id}`",
                    evidence=(Shown(f"incident {incident.id}", None, incident.cause),),
                )
