"""What becomes of an incident that is met again, here or in another knowledge base. Pure."""

from dataclasses import replace

from agent.domain.incident import Incident, IncidentState


def seen_again(known: Incident, again: Incident) -> Incident:
    """The known incident with the later wording and both counts."""
    later = replace(_worded(known, again), times_seen=known.times_seen + again.times_seen)
    return spanning(later, again)


def united(known: Incident, other: Incident) -> Incident:
    """One incident as two knowledge bases know it: the greater count, the state that is further on.

    Where the other one is merged, the known one keeps its state: what it is merged into is for the caller to find.
    """
    counted = replace(_worded(known, other), times_seen=max(known.times_seen, other.times_seen))
    both = spanning(counted, other)
    if known.state is IncidentState.MERGED or other.state is not IncidentState.RESOLVED:
        return both
    if (
        known.closed_at
        and other.closed_at
        and (known.closed_at, known.resolution) >= (other.closed_at, other.resolution)
    ):
        return both
    return replace(both, state=IncidentState.RESOLVED, resolution=other.resolution, closed_at=other.closed_at)


def spanning(known: Incident, other: Incident) -> Incident:
    """The known incident over the time of both."""
    opened, seen = min(known.opened_at, other.opened_at), max(known.last_seen_at, other.last_seen_at)
    return replace(known, opened_at=opened, last_seen_at=seen)


def part_of(incident: Incident, root: Incident) -> Incident:
    """The incident, merged into another."""
    return replace(incident, state=IncidentState.MERGED, merged_into=root.id)


def older(one: Incident, other: Incident) -> Incident:
    """The one that takes in the other when both are the same open failure; the same choice in every knowledge base."""
    return min(one, other, key=lambda incident: (incident.opened_at, incident.id))


def _worded(known: Incident, other: Incident) -> Incident:
    newer = max(known, other, key=_wording)
    return replace(
        known,
        title=newer.title,
        cause=newer.cause,
        signature=newer.signature,
        confidence=newer.confidence,
        report=newer.report,
    )


def _wording(incident: Incident) -> tuple[object, ...]:
    """Later wins; at the same time the choice does not depend on who is asked."""
    return (
        incident.last_seen_at,
        incident.title,
        incident.cause,
        incident.signature,
        incident.report,
        incident.confidence,
    )
