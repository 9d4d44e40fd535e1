"""Incidents and what fixes did to them as plain data: the shapes of `incidents ... -o json`."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import orjson

from agent.domain.fix import Outcome
from agent.domain.incident import Incident, SimilarIncident
from agent.rca.shaping import similar_shape


def incident_shape(incident: Incident) -> dict[str, Any]:
    """An incident without its report."""
    return {
        "id": incident.id,
        "state": incident.state.value,
        "category": incident.category,
        "pattern": incident.pattern,
        "subject": incident.subject,
        "title": incident.title,
        "cause": incident.cause,
        "confidence": incident.confidence,
        "opened_at": _time(incident.opened_at),
        "last_seen_at": _time(incident.last_seen_at),
        "times_seen": incident.times_seen,
        "resolution": incident.resolution,
        "closed_at": _time(incident.closed_at) if incident.closed_at else None,
        "merged_into": incident.merged_into,
    }


def deep_shape(incident: Incident, outcomes: Sequence[Outcome], similar: Sequence[SimilarIncident]) -> dict[str, Any]:
    """An incident with its report, what fixes did, and its like."""
    return {
        "v": 1,
        "incident": incident_shape(incident),
        "report": report_of(incident) or None,
        "outcomes": [
            {
                "incident": outcome.incident_id,
                "fix": outcome.fix_id,
                "result": outcome.result.value,
                "at": _time(outcome.at),
                "note": outcome.note,
            }
            for outcome in outcomes
        ],
        "similar": [similar_shape(one) for one in similar],
    }


def report_of(incident: Incident) -> dict[str, Any]:
    """The stored report; empty where there is none that can be read."""
    try:
        data = orjson.loads(incident.report)
    except ValueError:
        return {}
    return data if isinstance(data, dict) else {}


def _time(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
