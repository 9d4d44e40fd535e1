"""Small builders of what a knowledge base keeps."""

from datetime import UTC, datetime, timedelta
from typing import Any

from agent.domain.fix import Outcome, Result
from agent.domain.incident import Incident
from agent.rca.incidents import fingerprint_of

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)

POOL = "postgres pool exhausted connection is not available request timed out"
MEMORY = "container killed out of memory heap space java limit"
IMAGE = "image cannot be pulled manifest unknown"


def an_incident(subject: str = "app", signature: str = POOL, **given: Any) -> Incident:
    """An open incident; `minute` shifts its times, and equal subjects and patterns have equal fingerprints."""
    at = NOON + timedelta(minutes=given.pop("minute", 0))
    pattern = given.pop("pattern", "connection-pool/pool-exhausted")
    facts: dict[str, Any] = {
        "id": fingerprint_of(f"{subject} {at}", pattern, subject)[:12],
        "fingerprint": fingerprint_of("", pattern, subject),
        "pattern": pattern, "category": pattern.partition("/")[0], "subject": subject, "signature": signature,
        "title": f"{subject} fails", "cause": f"The pool of {subject} is exhausted.", "confidence": 0.9,
        "opened_at": at, "last_seen_at": at, "report": '{"v":1}',
    }  # fmt: skip
    return Incident(**{**facts, **given})


def an_outcome(
    incident: Incident, result: Result = Result.RESOLVED, fix: str = "grow-pool", minute: int = 5
) -> Outcome:
    """What a fix did to the incident."""
    at = NOON + timedelta(minutes=minute)
    return Outcome(incident_id=incident.id, pattern=incident.pattern, fix_id=fix, result=result, at=at)
