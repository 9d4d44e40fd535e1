"""A diagnosis as the incident that is remembered: what makes two failures the same, and what makes them alike."""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import orjson

from agent.domain.claim import HEALTHY
from agent.domain.diagnosis import Diagnosis, RankedCause
from agent.domain.incident import Incident
from agent.normalize.kubernetes.describe import workload_of
from agent.normalize.redaction import redacted
from agent.normalize.templates.masking import mask, wording
from agent.rca.shaping import shape_of

LONGEST_REPORT = 200_000
"""Characters of a report that is kept; its last findings go first."""

QUOTES = 3
"""Quotes of the evidence that go into a signature."""

LONGEST_QUOTE = 400


def incident_of(
    diagnosis: Diagnosis, at: datetime, *, project: str = "", secrets: Iterable[str] = ()
) -> Incident | None:
    """The incident of a diagnosis made at this time; `None` when nothing wrong was found.

    `project` keeps apart the services of one name in a knowledge base that several projects share. Nothing that looks
    like a secret, and none of `secrets`, is in it.
    """
    if not diagnosis.findings or diagnosis.findings[0].claim.category == HEALTHY:
        return None
    hidden = tuple(secrets)
    cause = diagnosis.findings[0]
    claim = cause.claim
    pattern = pattern_of(claim.category, claim.rule)
    fingerprint = fingerprint_of(project, pattern, claim.subject)
    told = redacted(claim.cause, hidden)
    return Incident(
        id=_hash(fingerprint, at.isoformat())[:12],
        fingerprint=fingerprint,
        pattern=pattern,
        category=claim.category,
        subject=redacted(claim.subject, hidden),
        title=redacted(diagnosis.title or told, hidden),
        cause=told,
        signature=signature_of(cause, hidden),
        confidence=cause.confidence,
        opened_at=at,
        last_seen_at=at,
        report=report_of(diagnosis, hidden),
    )


def pattern_of(category: str, rule: str) -> str:
    """The kind of a failure, wherever it happens."""
    return f"{category}/{rule}"


def fingerprint_of(project: str, pattern: str, subject: str) -> str:
    """Equal for the same failure of the same component."""
    return _hash(project, pattern, subject_of(subject))


def subject_of(subject: str) -> str:
    """The component without what changes from one start to the next.

    >>> subject_of("Cart-5d98ffcfd-tz4nc")
    'cart'
    """
    return workload_of(subject.strip()).lower()


def signature_of(cause: RankedCause, secrets: Iterable[str] = ()) -> str:
    """The words of the cause and of its evidence, without numbers, ids, times, places and secrets."""
    hidden = tuple(secrets)
    claim = cause.claim
    quotes = [quote.text[:LONGEST_QUOTE] for quote in claim.evidence[:QUOTES]]
    masked = " ".join(wording(mask(" ".join(redacted(text, hidden).split()))) for text in (claim.cause, *quotes))
    words = f"{claim.category.replace('-', ' ')} {masked}".lower().replace("<*>", " ").replace("*", " ")
    return " ".join(word for word in words.split() if any(letter.isalpha() for letter in word))


def report_of(diagnosis: Diagnosis, secrets: Iterable[str] = ()) -> str:
    """The document of `analyze -o json` without secrets, and of bounded length."""
    hidden = tuple(secrets)
    document = _redacted(shape_of(diagnosis), hidden)
    while len(text := orjson.dumps(document).decode()) > LONGEST_REPORT and len(document["findings"]) > 1:
        document["findings"].pop()
    return text if len(text) <= LONGEST_REPORT else "{}"


def _redacted(value: Any, secrets: tuple[str, ...]) -> Any:
    if isinstance(value, str):
        return redacted(value, secrets)
    if isinstance(value, dict):
        return {key: _redacted(inner, secrets) for key, inner in value.items()}
    if isinstance(value, list):
        return [_redacted(inner, secrets) for inner in value]
    return value


def _hash(*parts: str) -> str:
    return hashlib.blake2b("\0".join(parts).encode("utf-8", "replace"), digest_size=16).hexdigest()
