"""Rows of the tables as incidents and outcomes, and back."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from agent.domain.fix import Outcome, Result
from agent.domain.incident import Incident, IncidentState
from agent.domain.suggestion import Feedback, Verdict


def incident_of_row(row: Sequence[Any]) -> Incident:
    """The incident of a row with the columns of `incident_columns`."""
    return Incident(
        id=row[0],
        fingerprint=row[1],
        pattern=row[2],
        category=row[3],
        subject=row[4],
        title=row[5],
        cause=row[6],
        signature=row[7],
        confidence=float(row[8]),
        opened_at=time_of(row[9]),
        last_seen_at=time_of(row[10]),
        times_seen=int(row[11]),
        state=IncidentState(row[12]),
        resolution=row[13],
        closed_at=time_of(row[14]) if row[14] else None,
        merged_into=row[15],
        report=row[16],
    )


def values_of(incident: Incident) -> dict[str, object]:
    """The parameters of `insert_incident` and `update_incident`."""
    return {
        "id": incident.id,
        "fingerprint": storable(incident.fingerprint),
        "pattern": storable(incident.pattern),
        "category": storable(incident.category),
        "subject": storable(incident.subject),
        "title": storable(incident.title),
        "cause": storable(incident.cause),
        "signature": storable(incident.signature),
        "signature_key": key_of(incident.signature),
        "confidence": incident.confidence,
        "opened_at": text_of(incident.opened_at),
        "last_seen_at": text_of(incident.last_seen_at),
        "times_seen": incident.times_seen,
        "state": incident.state.value,
        "resolution": storable(incident.resolution),
        "closed_at": text_of(incident.closed_at) if incident.closed_at else None,
        "merged_into": incident.merged_into,
        "report": storable(incident.report),
    }


def outcome_of_row(row: Sequence[Any]) -> Outcome:
    """The outcome of a row with the columns of `all_outcomes`."""
    return Outcome(
        incident_id=row[0], pattern=row[1], fix_id=row[2], result=Result(row[3]), at=time_of(row[4]), note=row[5]
    )


def values_of_outcome(outcome: Outcome) -> dict[str, object]:
    """The parameters of `insert_outcome`; the key is a hash of them, so that one outcome is kept once."""
    values = {
        "incident_id": outcome.incident_id,
        "pattern": storable(outcome.pattern),
        "fix_id": storable(outcome.fix_id),
        "result": outcome.result.value,
        "at": text_of(outcome.at),
        "note": storable(outcome.note),
    }
    return {"key": hashlib.blake2b("\0".join(values.values()).encode(), digest_size=12).hexdigest(), **values}


def feedback_of_row(row: Sequence[Any]) -> Feedback:
    """The feedback of a row with the columns of `all_feedback`."""
    return Feedback(
        project=row[0], suggestion_id=row[1], rule=row[2], verdict=Verdict(row[3]), reason=row[4], at=time_of(row[5])
    )


def values_of_feedback(feedback: Feedback) -> dict[str, object]:
    """The parameters of `insert_feedback`; the key is a hash of them, so that the same word twice is one."""
    values = {
        "project": storable(feedback.project),
        "suggestion_id": storable(feedback.suggestion_id),
        "rule": storable(feedback.rule),
        "verdict": feedback.verdict.value,
        "reason": storable(feedback.reason),
        "at": text_of(feedback.at),
    }
    return {"key": hashlib.blake2b("\0".join(values.values()).encode(), digest_size=12).hexdigest(), **values}


def key_of(signature: str) -> int:
    """The 63 bits that a signature's text is found by; equal texts have equal keys."""
    digest = hashlib.blake2b(storable(signature).encode(), digest_size=8).digest()
    return int.from_bytes(digest) >> 1


def text_of(at: datetime) -> str:
    """The time in UTC, always of one length."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def time_of(text: str) -> datetime:
    """The time that `text_of` wrote."""
    return datetime.fromisoformat(text)


def storable(text: str) -> str:
    """The text without what a database refuses: NUL, and halves of surrogate pairs."""
    return text.encode("utf-8", "replace").decode().replace("\0", "\N{REPLACEMENT CHARACTER}")
