"""A diagnosis as plain data: the shape `analyze -o json` prints and the evaluation scores (schemas/analyze.v1.json)."""

from collections.abc import Sequence
from typing import Any

from agent.domain.claim import Quote, Statement
from agent.domain.diagnosis import Diagnosis, Moment, RankedCause
from agent.domain.event import event_id
from agent.domain.fix import Fix, PatchFix
from agent.domain.incident import SimilarIncident, SuccessRate

VERSION = 1


def shape_of(diagnosis: Diagnosis) -> dict[str, Any]:
    """The document; equal diagnoses give equal documents."""
    return {
        "v": VERSION,
        "title": diagnosis.title,
        "alert": diagnosis.alert,
        "findings": [_finding(cause, diagnosis.rates) for cause in diagnosis.findings],
        "gaps": list(diagnosis.gaps),
        "sources": [{"name": part.name, "records": part.records} for part in diagnosis.sources],
        "contributing": [_statement(one) for one in diagnosis.contributing],
        "timeline": [_moment(one) for one in diagnosis.timeline],
        "similar": [similar_shape(one) for one in diagnosis.similar],
    }


def _finding(cause: RankedCause, rates: Sequence[SuccessRate]) -> dict[str, Any]:
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
        "supports": [_statement(one) for one in (*claim.supports, *cause.supports)],
        "against": [_statement(one) for one in (*claim.against, *cause.against)],
        "missing": [{"what": one.what, "command": one.command} for one in cause.missing],
        "confirm": list(claim.confirm),
        "fix_ids": list(claim.fixes),
        "fixes": [_fix(fix, rates) for fix in cause.fixes],
    }


def _quote(quote: Quote) -> dict[str, str]:
    """The id tells the same text at the same place in another report."""
    return {
        "quote": quote.text,
        "file": quote.path,
        "reason": quote.reason,
        "event_id": event_id("bundle", quote.path, quote.text),
    }


def _statement(statement: Statement) -> dict[str, Any]:
    return {"text": statement.text, "evidence": [_quote(quote) for quote in statement.quotes]}


def _moment(moment: Moment) -> dict[str, Any]:
    return {
        "at": moment.at.isoformat().replace("+00:00", "Z"),
        "kind": moment.kind,
        "subject": moment.subject,
        "text": moment.text,
        "evidence": [] if moment.quote is None else [_quote(moment.quote)],
    }


def similar_shape(similar: SimilarIncident) -> dict[str, Any]:
    """A similar incident, how it was resolved, and how often each fix that was tried on it helped."""
    incident = similar.incident
    return {
        "incident": incident.id,
        "title": incident.title,
        "cause": incident.cause,
        "similarity": round(similar.similarity, 4),
        "state": incident.state.value,
        "resolution": incident.resolution,
        "times_seen": incident.times_seen,
        "fixes": [{"id": rate.fix_id, "tried": rate.tried, "resolved": rate.resolved} for rate in similar.rates],
    }


def _fix(fix: Fix, rates: Sequence[SuccessRate]) -> dict[str, Any]:
    """`tried` and `resolved` count over all patterns that the fix was tried against in `rates`."""
    counted = [rate for rate in rates if rate.fix_id == fix.id]
    return {
        "id": fix.id,
        "title": fix.title,
        "why": fix.why,
        "kind": "patch" if isinstance(fix.action, PatchFix) else "playbook",
        "playbook": None if isinstance(fix.action, PatchFix) else fix.action.playbook,
        "variables": {} if isinstance(fix.action, PatchFix) else dict(fix.action.variables),
        "patch": fix.action.patch if isinstance(fix.action, PatchFix) else None,
        "base": fix.action.base if isinstance(fix.action, PatchFix) else None,
        "risk": fix.risk.value,
        "reversible": fix.reversible,
        "by_model": fix.by_model,
        "tried": sum(rate.tried for rate in counted),
        "resolved": sum(rate.resolved for rate in counted),
    }
