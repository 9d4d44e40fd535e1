"""Closing and merging incidents of the project around the present folder."""

from dataclasses import replace
from datetime import UTC, datetime

from agent.domain.incident import Incident
from agent.errors import NoSuchIncidentError
from agent.normalize.redaction import redacted
from agent.ports import KnowledgeBase
from blissful_infra.cli.knowing import knowledge_here


def closed(incident_id: str, resolution: str, *, dry_run: bool) -> Incident:
    """The incident, resolved; with `dry_run`, as it is."""
    with knowledge_here() as base:
        if dry_run:
            return _required(base, incident_id)
        return base.close(incident_id, redacted(" ".join(resolution.split())), datetime.now(UTC))


def merged(incident_id: str, into: str, *, dry_run: bool) -> Incident:
    """The incident that took in the other; with `dry_run`, as it is, with the count it would have."""
    with knowledge_here() as base:
        if not dry_run:
            return base.merge(incident_id, into)
        part, whole = _required(base, incident_id), _required(base, into)
        return replace(whole, times_seen=whole.times_seen + part.times_seen)


def _required(base: KnowledgeBase, incident_id: str) -> Incident:
    if (found := base.incident(incident_id)) is None:
        raise NoSuchIncidentError(
            f"there is no incident {incident_id!r}", hint="`blissful-infra incidents list` names them"
        )
    return found
