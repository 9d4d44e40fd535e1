"""A diagnosis as plain data: the shape `analyze -o json` prints and the evaluation scores (schemas/analyze.v1.json)."""

from typing import Any

from agent.domain.claim import Quote
from agent.domain.diagnosis import Diagnosis, RankedCause
from agent.domain.event import event_id

VERSION = 1


def shape_of(diagnosis: Diagnosis) -> dict[str, Any]:
    """The document; equal diagnoses give equal documents."""
    return {
        "v": VERSION,
        "title": diagnosis.title,
        "alert": diagnosis.alert,
        "findings": [_finding(cause) for cause in diagnosis.findings],
        "gaps": list(diagnosis.gaps),
        "sources": [{"name": part.name, "records": part.records} for part in diagnosis.sources],
    }


def _finding(cause: RankedCause) -> dict[str, Any]:
    claim = cause.claim
    return {
        "category": claim.category,
        "subject": claim.subject,
        "cause": claim.cause,
        "confidence": cause.confidence,
        "commit": claim.commit,
        "metric": claim.metric,
        "evidence": [_quote(quote) for quote in claim.evidence],
        "files": list(claim.files),
        "tests": list(claim.tests),
        "fix": claim.fix,
        "rule": f"{claim.line}/{claim.rule}",
        "lines": list(cause.lines),
        "features": dict(cause.features),
    }


def _quote(quote: Quote) -> dict[str, str]:
    """The id tells the same text at the same place in another report."""
    return {
        "quote": quote.text,
        "file": quote.path,
        "reason": quote.reason,
        "event_id": event_id("bundle", quote.path, quote.text),
    }
