"""Quotes of a diagnosis as events and evidence, under the same ids that the report of `analyze` gives them."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from agent.domain import Event, Evidence, Severity
from agent.domain.claim import Quote
from agent.domain.diagnosis import Diagnosis, RankedCause
from agent.domain.event import event_id
from agent.domain.finding import Finding
from agent.domain.incident import SimilarIncident

SOURCE = "bundle"
_MEMORY = "knowledge"


def finding_of(cause: RankedCause, quotes: Sequence[Quote] = ()) -> Finding:
    """A cause as a finding; its quotes, or those given instead, are the evidence."""
    claim = cause.claim
    return Finding(
        rule=claim.rule,
        subject=claim.subject,
        title=claim.cause,
        evidence=tuple(evidence_of(quote) for quote in quotes or claim.evidence),
        confidence=cause.confidence,
    )


def evidence_of(quote: Quote) -> Evidence:
    """A quote as evidence."""
    return Evidence((_id_of(quote),), quote.text, quote.reason or "quoted", quote.path)


def remembered(similar: SimilarIncident) -> Evidence:
    """A remembered incident as evidence."""
    incident = similar.incident
    said = incident.cause.strip() or incident.title.strip() or incident.id
    return Evidence((event_id(_MEMORY, incident.id, said),), said, "remembered", f"incident {incident.id}")


def events_of(diagnosis: Diagnosis, at: datetime) -> tuple[Event, ...]:
    """Everything that an answer from the diagnosis may cite; what has no time of its own has `at`."""
    found: dict[str, Event] = {}
    times = {_id_of(moment.quote): moment.at for moment in diagnosis.timeline if moment.quote is not None}
    for subject, quote in _quotes(diagnosis):
        found[_id_of(quote)] = Event(
            id=_id_of(quote), at=times.get(_id_of(quote), at), source=SOURCE, kind="evidence.quoted", subject=subject,
            severity=Severity.WARN, message=quote.text, place=quote.path,
        )  # fmt: skip
    for similar in diagnosis.similar:
        evidence, incident = remembered(similar), similar.incident
        resolved = f"; resolved by: {incident.resolution}" if incident.resolution else ""
        [number] = evidence.event_ids
        found[number] = Event(
            id=number, at=incident.last_seen_at, source=_MEMORY, kind="incident.remembered", subject=incident.subject,
            severity=Severity.INFO, message=f"{evidence.quote}{resolved}", place=evidence.place,
        )  # fmt: skip
    return tuple(found.values())


def _quotes(diagnosis: Diagnosis) -> Iterator[tuple[str, Quote]]:
    for cause in diagnosis.findings:
        claim = cause.claim
        statements = (*claim.supports, *claim.against, *cause.supports, *cause.against)
        quotes: Iterable[Quote] = (*claim.evidence, *(quote for one in statements for quote in one.quotes))
        yield from ((claim.subject, quote) for quote in quotes)
    yield from (("", quote) for statement in diagnosis.contributing for quote in statement.quotes)
    yield from ((moment.subject, moment.quote) for moment in diagnosis.timeline if moment.quote is not None)


def _id_of(quote: Quote) -> str:
    return event_id(SOURCE, quote.path, quote.text)
