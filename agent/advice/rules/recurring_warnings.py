"""A complaint that the logs repeat and nobody acts on."""

from collections.abc import Iterator
from datetime import timedelta

from agent.advice.material import Material
from agent.domain.severity import Severity
from agent.domain.suggestion import Priority, Suggestion

TIMES = 10
SPREAD = timedelta(minutes=10)
"""A burst shorter than this is an incident's business."""


def recurring_warnings(material: Material) -> Iterator[Suggestion]:
    """Kinds of log lines, as bad as a warning, that came TIMES times or more over SPREAD or longer."""
    for one in material.warned:
        if one.count < TIMES or one.last_at - one.first_at < SPREAD:
            continue
        is_error = one.severity.at_least(Severity.ERROR)
        yield Suggestion(
            rule="recurring-warning",
            priority=Priority.MEDIUM if is_error else Priority.LOW,
            subject=f"{one.subject} {one.template[:120]}",
            title=f"{one.subject} logged {one.count} times: {one.template[:160]}",
            why=f"from {one.first_at:%Y-%m-%d %H:%M} to {one.last_at:%Y-%m-%d %H:%M} UTC, at level {one.severity}",
            fix="mend its cause, or lower its level where it is no complaint: what is always there hides what is new",
            evidence=(one.example,),
        )
