"""Another knowledge base's export united with this one, inside one transaction.

Counts are kept by incident and summed when they are read, so that taking in the same export again adds nothing.
"""

from collections.abc import Iterable
from dataclasses import replace

from agent.domain.fix import Outcome
from agent.domain.incident import Incident, IncidentState, TakenIn
from agent.domain.remembered import Remembered
from agent.domain.suggestion import Feedback
from agent.errors import InvalidKnowledgeError
from agent.knowledge.database import Statements
from agent.knowledge.keeping import add, join, put
from agent.knowledge.rows import incident_of_row, values_of_feedback, values_of_outcome
from agent.knowledge.uniting import older, spanning, united


def taken_in(inside: Statements, records: Iterable[Remembered]) -> TakenIn:
    """Take in all of them, in the order of `KnowledgeBase.export`."""
    incidents = outcomes = known = said = 0
    for record in records:
        if isinstance(record, Incident):
            changed = _incident(inside, record)
            incidents += changed
        elif isinstance(record, Outcome):
            changed = _outcome(inside, record)
            outcomes += changed
        else:
            changed = _feedback(inside, record)
            said += changed
        known += not changed
    return TakenIn(incidents, outcomes, known, said)


def _incident(inside: Statements, incident: Incident) -> bool:
    root = _root_of(inside, incident)
    known = _known(inside, incident.id)
    if known is None:
        return _new(inside, incident, root)
    both = united(known, incident)
    if both != known:
        put(inside, known, both)
    if root is not None and known.state is not IncidentState.MERGED and root.id != known.id:
        join(inside, both, root)
        return True
    if both.merged_into is not None and (into := _known(inside, both.merged_into)) is not None:
        put(inside, into, spanning(into, both))
    return both != known


def _new(inside: Statements, incident: Incident, root: Incident | None) -> bool:
    if root is not None:
        add(inside, replace(incident, merged_into=root.id))
        put(inside, root, spanning(root, incident))
        return True
    rival = _open_rival(inside, incident)
    if rival is None:
        add(inside, incident)
    elif older(rival, incident) is rival:
        add(inside, replace(incident, state=IncidentState.MERGED, merged_into=rival.id))
        put(inside, rival, spanning(rival, incident))
    else:
        add(inside, replace(incident, state=IncidentState.RESOLVED))  # room for one open incident only
        join(inside, rival, incident)
    return True


def _open_rival(inside: Statements, incident: Incident) -> Incident | None:
    if incident.state is not IncidentState.OPEN:
        return None
    rows = inside.rows("open_by_fingerprint", fingerprint=incident.fingerprint)
    return incident_of_row(rows[0]) if rows else None


def _root_of(inside: Statements, incident: Incident) -> Incident | None:
    """The incident that this one is part of, which is never itself part of another."""
    if incident.merged_into is None:
        return None
    into = _known(inside, incident.merged_into)
    if into is None:
        raise InvalidKnowledgeError(
            f"incident {incident.id} was merged into {incident.merged_into}, which stands nowhere before it",
            hint="export it again; nothing was imported",
        )
    return into if into.merged_into is None else _known(inside, into.merged_into)


def _known(inside: Statements, incident_id: str) -> Incident | None:
    rows = inside.rows("incident_by_id", id=incident_id)
    return incident_of_row(rows[0]) if rows else None


def _outcome(inside: Statements, outcome: Outcome) -> bool:
    if _known(inside, outcome.incident_id) is None:
        raise InvalidKnowledgeError(
            f"an outcome names the incident {outcome.incident_id}, which stands nowhere before it",
            hint="export it again; nothing was imported",
        )
    values = values_of_outcome(outcome)
    if inside.rows("outcome_by_key", key=values["key"]):
        return False
    inside.run("insert_outcome", **values)
    return True


def _feedback(inside: Statements, feedback: Feedback) -> bool:
    values = values_of_feedback(feedback)
    if inside.rows("feedback_by_key", key=values["key"]):
        return False
    inside.run("insert_feedback", **values)
    return True
