"""A knowledge base in memory, written apart from the real ones: what they must do, in the plainest way."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from agent.domain.fix import Outcome, Result
from agent.domain.incident import (
    Incident,
    IncidentState,
    PatternSeen,
    SimilarIncident,
    SuccessRate,
    TakenIn,
)
from agent.domain.remembered import Remembered
from agent.domain.suggestion import Feedback
from agent.errors import IncidentStateError, InvalidKnowledgeError, NoSuchIncidentError
from agent.ports import Embedder


class MemoryKnowledge:
    """`agent.ports.KnowledgeBase` as dictionaries; each incident has its own count."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._own: dict[str, Incident] = {}
        self._outcomes: list[Outcome] = []
        self._said: list[Feedback] = []

    def record(self, incident: Incident) -> Incident:
        incident = _storable(incident)
        same = [known for known in self._own.values() if known.fingerprint == incident.fingerprint]
        roots = [self._own[known.merged_into] for known in same if known.merged_into]
        if found := [known for known in same if known.state is IncidentState.OPEN]:
            kept = _later(found[0], incident)
        elif found := [root for root in roots if root.state is IncidentState.OPEN]:
            kept = max(found, key=lambda root: root.last_seen_at)
        else:
            self._own[incident.id] = incident
            return incident
        times = kept.times_seen + incident.times_seen
        self._own[kept.id] = _spanning(replace(kept, times_seen=times), incident)
        return self._counted(kept.id)

    def incident(self, incident_id: str) -> Incident | None:
        wanted = incident_id.strip().lower()
        if wanted in self._own:
            return self._counted(wanted)
        fitting = sorted(one for one in self._own if wanted and one.startswith(wanted))
        if len(fitting) > 1:
            named = {one: f"{self._own[one].title} ({self._own[one].state})" for one in fitting}
            raise NoSuchIncidentError("several", context=named)
        return self._counted(fitting[0]) if fitting else None

    def incidents(self, *, state: str | None = None, limit: int = 100) -> tuple[Incident, ...]:
        wanted = [
            self._counted(one.id)
            for one in self._own.values()
            if (one.state is not IncidentState.MERGED if state is None else one.state == state)
        ]
        return tuple(sorted(wanted, key=lambda one: (-one.last_seen_at.timestamp(), one.id))[:limit])

    def close(self, incident_id: str, resolution: str, at: datetime) -> Incident:
        known = self._own[self._required(incident_id)]
        if known.merged_into:
            raise IncidentStateError("was merged into another")
        self._own[known.id] = replace(known, state=IncidentState.RESOLVED, resolution=resolution, closed_at=at)
        return self._counted(known.id)

    def merge(self, incident_id: str, into: str) -> Incident:
        part, root = self._own[self._required(incident_id)], self._own[self._required(into)]
        root = self._own[root.merged_into] if root.merged_into else root
        if part.id == root.id:
            raise IncidentStateError("into itself")
        if part.merged_into:
            raise IncidentStateError("already")
        self._join(part, root)
        return self._counted(root.id)

    def add_outcome(self, outcome: Outcome) -> None:
        if outcome.incident_id not in self._own:
            raise NoSuchIncidentError("none")
        if outcome not in self._outcomes:
            self._outcomes.append(outcome)

    def outcomes(self, incident_id: str) -> tuple[Outcome, ...]:
        root = self._required(incident_id)
        family = {root} | {one.id for one in self._own.values() if one.merged_into == root}
        return tuple(sorted((one for one in self._outcomes if one.incident_id in family), key=lambda one: one.at))

    def success_rates(self, pattern: str) -> tuple[SuccessRate, ...]:
        made = [one for one in self._outcomes if one.pattern == pattern and one.result is not Result.NOT_RUN]
        tried = Counter(one.fix_id for one in made)
        resolved = Counter(one.fix_id for one in made if one.result is Result.RESOLVED)
        ranked = sorted(tried.items(), key=lambda item: (-item[1], item[0]))
        return tuple(SuccessRate(pattern, fix, count, resolved[fix]) for fix, count in ranked)

    def patterns(self) -> tuple[PatternSeen, ...]:
        seen = []
        for pattern in {one.pattern for one in self._own.values()}:
            all_ = [one for one in self._own.values() if one.pattern == pattern]
            kept = [one for one in all_ if one.state is not IncidentState.MERGED]
            last = max(one.last_seen_at for one in all_)
            seen.append(PatternSeen(pattern, len(kept), sum(one.times_seen for one in all_), last))
        return tuple(sorted(seen, key=lambda one: (-one.times_seen, one.pattern)))

    def similar(self, signature: str, *, limit: int = 5, except_id: str | None = None) -> tuple[SimilarIncident, ...]:
        others = [one for one in self._own.values() if one.state is not IncidentState.MERGED and one.id != except_id]
        asked, *vectors = self._embedder.embed([signature, *(one.signature for one in others)])
        found = [
            SimilarIncident(
                self._counted(one.id), min(1.0, max(0.0, sum(a * b for a, b in zip(asked, vector, strict=True))))
            )
            for one, vector in zip(others, vectors, strict=True)
        ]
        return tuple(sorted(found, key=lambda one: -one.similarity)[:limit])

    def export(self) -> Iterator[Remembered]:
        yield from sorted(self._own.values(), key=lambda one: (one.merged_into is not None, one.opened_at, one.id))
        yield from sorted(self._outcomes, key=lambda one: one.at)
        yield from sorted(self._said, key=lambda one: one.at)

    def take_in(self, records: Iterable[Remembered], *, keep: bool = True) -> TakenIn:
        before = dict(self._own), list(self._outcomes), list(self._said)
        taken = [0, 0, 0, 0]
        try:
            for record in records:
                if isinstance(record, Feedback):
                    place, changed = 3, record not in self._said
                    self._said += [record] * changed
                elif isinstance(record, Outcome):
                    place, changed = 1, self._take_outcome(record)
                else:
                    place, changed = 0, self._take_incident(record)
                taken[place if changed else 2] += 1
        except InvalidKnowledgeError:
            self._own, self._outcomes, self._said = before
            raise
        if not keep:
            self._own, self._outcomes, self._said = before
        return TakenIn(*taken)

    def _take_outcome(self, outcome: Outcome) -> bool:
        if outcome.incident_id not in self._own:
            raise InvalidKnowledgeError(f"an outcome names {outcome.incident_id}")
        known = outcome in self._outcomes
        self.add_outcome(outcome)
        return not known

    def _take_incident(self, incident: Incident) -> bool:
        root = self._own.get(incident.merged_into) if incident.merged_into else None
        if incident.merged_into and root is None:
            raise InvalidKnowledgeError(f"{incident.merged_into} stands nowhere")
        root = self._own[root.merged_into] if root and root.merged_into else root
        known = self._own.get(incident.id)
        if known is None:
            rivals = [
                one
                for one in self._own.values()
                if incident.state is one.state is IncidentState.OPEN and one.fingerprint == incident.fingerprint
            ]
            self._own[incident.id] = incident
            for rival in rivals:
                first, second = sorted((rival, incident), key=lambda one: (one.opened_at, one.id))
                self._join(second, first)
            if root:
                self._join(incident, root)
            return True
        times = max(known.times_seen, incident.times_seen)
        both = _spanning(replace(_later(known, incident), times_seen=times), incident)
        closed = (known.closed_at, known.resolution), (incident.closed_at, incident.resolution)
        newer = known.closed_at is None or (incident.closed_at is not None and closed[1] > closed[0])
        if incident.state is IncidentState.RESOLVED and known.state is not IncidentState.MERGED and newer:
            both = replace(both, state=incident.state, resolution=incident.resolution, closed_at=incident.closed_at)
        self._own[known.id] = both
        if root and not known.merged_into and root.id != known.id:
            self._join(both, root)
        elif both.merged_into:
            self._own[both.merged_into] = _spanning(self._own[both.merged_into], both)
        return self._own[known.id] != known

    def _join(self, part: Incident, root: Incident) -> None:
        self._own[part.id] = replace(part, state=IncidentState.MERGED, merged_into=root.id)
        for one in list(self._own.values()):
            if one.merged_into == part.id:
                self._own[one.id] = replace(one, merged_into=root.id)
        self._own[root.id] = _spanning(root, part)

    def _required(self, incident_id: str) -> str:
        if (found := self.incident(incident_id)) is None:
            raise NoSuchIncidentError(incident_id)
        return found.id

    def _counted(self, incident_id: str) -> Incident:
        own = self._own[incident_id]
        parts = sum(one.times_seen for one in self._own.values() if one.merged_into == incident_id)
        return replace(own, times_seen=own.times_seen + parts)


def _later(known: Incident, other: Incident) -> Incident:
    if (other.last_seen_at, other.title, other.cause) <= (known.last_seen_at, known.title, known.cause):
        return known
    return replace(
        known,
        title=other.title,
        cause=other.cause,
        signature=other.signature,
        confidence=other.confidence,
        report=other.report,
    )


def _spanning(known: Incident, other: Incident) -> Incident:
    opened, seen = min(known.opened_at, other.opened_at), max(known.last_seen_at, other.last_seen_at)
    return replace(known, opened_at=opened, last_seen_at=seen)


def _storable(incident: Incident) -> Incident:
    cause = incident.cause.encode("utf-8", "replace").decode().replace("\0", "\N{REPLACEMENT CHARACTER}")
    return replace(incident, cause=cause)
