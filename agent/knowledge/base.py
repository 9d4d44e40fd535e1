"""The knowledge base over a database: what is kept, counted, closed, merged and found again."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Self

from agent.domain.fix import Outcome
from agent.domain.incident import (
    Incident,
    IncidentState,
    PatternSeen,
    SimilarIncident,
    SuccessRate,
    TakenIn,
)
from agent.domain.remembered import Remembered
from agent.errors import IncidentStateError, NoSuchIncidentError
from agent.knowledge.database import Database, Statements
from agent.knowledge.feedback import SqlFeedbackBook
from agent.knowledge.keeping import add, join, put
from agent.knowledge.rows import feedback_of_row, incident_of_row, outcome_of_row, time_of, values_of_outcome
from agent.knowledge.similarity import SimilaritySearch
from agent.knowledge.taking_in import taken_in
from agent.knowledge.uniting import seen_again, spanning

ALL = 2**62
"""More than there can be."""
CANDIDATES = 5
"""Incidents named where the beginning of an id fits several."""

_ID = re.compile(r"[0-9a-f]{1,64}")


class SqlKnowledgeBase:
    """`agent.ports.KnowledgeBase` on SQLite or PostgreSQL."""

    def __init__(self, database: Database, search: SimilaritySearch) -> None:
        self._database = database
        self._search = search

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.shut()

    def shut(self) -> None:
        """Close the database."""
        self._database.shut()

    @property
    def suggestions(self) -> SqlFeedbackBook:
        """What was said to suggestions, kept beside the incidents."""
        return SqlFeedbackBook(self._database)

    def record(self, incident: Incident) -> Incident:
        """Keep it, or count it as seen again."""
        with self._database.writing() as inside:
            if rows := inside.rows("open_by_fingerprint", fingerprint=incident.fingerprint):
                kept = incident_of_row(rows[0])
                put(inside, kept, seen_again(kept, incident))
            elif rows := inside.rows("open_that_took_in_fingerprint", fingerprint=incident.fingerprint):
                kept = incident_of_row(rows[0])
                counted = replace(kept, times_seen=kept.times_seen + incident.times_seen)
                put(inside, kept, spanning(counted, incident))
            else:
                kept = incident
                add(inside, incident)
            return _counted(inside, kept.id)

    def incident(self, incident_id: str) -> Incident | None:
        """The incident of this id, or the only one whose id begins so."""
        with self._database.reading() as inside:
            return _found(inside, incident_id)

    def incidents(self, *, state: str | None = None, limit: int = 100) -> tuple[Incident, ...]:
        """The newest seen first."""
        with self._database.reading() as inside:
            if state is None:
                rows = inside.rows("newest_incidents", limit=limit)
            else:
                rows = inside.rows("newest_incidents_of_state", state=state, limit=limit)
        return tuple(incident_of_row(row) for row in rows)

    def close(self, incident_id: str, resolution: str, at: datetime) -> Incident:
        """Mark it resolved."""
        with self._database.writing() as inside:
            known = _own(inside, _required(inside, incident_id).id)
            if known.merged_into is not None:
                raise IncidentStateError(
                    f"incident {known.id} was merged into {known.merged_into}",
                    hint=f"close that one: `blissful-infra incidents close {known.merged_into}`",
                )
            put(inside, known, replace(known, state=IncidentState.RESOLVED, resolution=resolution, closed_at=at))
            return _counted(inside, known.id)

    def merge(self, incident_id: str, into: str) -> Incident:
        """Make one incident part of another."""
        with self._database.writing() as inside:
            part = _own(inside, _required(inside, incident_id).id)
            root = _own(inside, _required(inside, into).id)
            if root.merged_into is not None:
                root = _own(inside, root.merged_into)
            if part.id == root.id:
                raise IncidentStateError(f"incident {part.id} cannot be merged into itself")
            if part.merged_into is not None:
                raise IncidentStateError(f"incident {part.id} was merged into {part.merged_into} already")
            join(inside, part, root)
            return _counted(inside, root.id)

    def add_outcome(self, outcome: Outcome) -> None:
        """Keep what a fix did."""
        with self._database.writing() as inside:
            if not inside.rows("incident_by_id", id=outcome.incident_id):
                raise NoSuchIncidentError(f"there is no incident {outcome.incident_id}")
            inside.run("insert_outcome", **values_of_outcome(outcome))

    def outcomes(self, incident_id: str) -> tuple[Outcome, ...]:
        """The outcomes of one incident and of those merged into it, oldest first."""
        with self._database.reading() as inside:
            known = _required(inside, incident_id)
            return tuple(outcome_of_row(row) for row in inside.rows("outcomes_of_incident", id=known.id))

    def success_rates(self, pattern: str) -> tuple[SuccessRate, ...]:
        """How often each fix helped against this pattern, the most tried first."""
        with self._database.reading() as inside:
            rows = inside.rows("success_rates", pattern=pattern)
        return tuple(SuccessRate(pattern, fix, int(tried), int(resolved)) for fix, tried, resolved in rows)

    def patterns(self) -> tuple[PatternSeen, ...]:
        """Every pattern that was met, the most often met first."""
        with self._database.reading() as inside:
            rows = inside.rows("patterns_seen")
        return tuple(PatternSeen(name, int(kept), int(times), time_of(last)) for name, kept, times, last in rows)

    def similar(self, signature: str, *, limit: int = 5, except_id: str | None = None) -> tuple[SimilarIncident, ...]:
        """The most alike incidents, the most alike first."""
        return self._search.similar(signature, limit=limit, except_id=except_id)

    def export(self) -> Iterator[Remembered]:
        """Everything, as it is at one moment."""
        with self._database.reading() as inside:
            incidents, outcomes = inside.rows("all_incidents"), inside.rows("all_outcomes")
            said = inside.rows("all_feedback", limit=ALL)
        yield from map(incident_of_row, incidents)
        yield from map(outcome_of_row, outcomes)
        yield from map(feedback_of_row, said)

    def take_in(self, records: Iterable[Remembered], *, keep: bool = True) -> TakenIn:
        """Unite an export with what is known, whole or not at all."""
        with self._database.writing(keep=keep) as inside:
            return taken_in(inside, records)


def _found(inside: Statements, incident_id: str) -> Incident | None:
    """Raises `NoSuchIncidentError` where the beginning of an id fits several."""
    wanted = incident_id.strip().lower()
    if rows := inside.rows("counted_by_id", id=wanted):
        return incident_of_row(rows[0])
    if not _ID.fullmatch(wanted):
        return None
    rows = inside.rows("incidents_by_prefix", prefix=f"{wanted}%", limit=CANDIDATES + 1)
    if len(rows) > 1:
        known = [incident_of_row(row) for row in rows]
        more = {"...": "and more"} if len(known) > CANDIDATES else {}
        raise NoSuchIncidentError(
            f"several incidents have ids that begin with {wanted}",
            hint="give more of the id",
            context={incident.id: f"{incident.title} ({incident.state})" for incident in known[:CANDIDATES]} | more,
        )
    return incident_of_row(rows[0]) if rows else None


def _required(inside: Statements, incident_id: str) -> Incident:
    if (known := _found(inside, incident_id)) is None:
        raise NoSuchIncidentError(
            f"there is no incident {incident_id!r}", hint="`blissful-infra incidents list` names them"
        )
    return known


def _own(inside: Statements, incident_id: str) -> Incident:
    return incident_of_row(inside.rows("incident_by_id", id=incident_id)[0])


def _counted(inside: Statements, incident_id: str) -> Incident:
    return incident_of_row(inside.rows("counted_by_id", id=incident_id)[0])
