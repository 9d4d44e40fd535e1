"""The wiring of memory: a diagnosis is recorded as an incident, and what is known of its like is added to it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from agent.domain.diagnosis import Diagnosis
from agent.domain.incident import Incident, SimilarIncident, SuccessRate
from agent.errors import BlissfulError
from agent.ports import KnowledgeBase
from agent.rca.incidents import incident_of, pattern_of

SHOWN = 5
"""Similar incidents of one diagnosis."""

ALIKE = 0.4
"""Incidents less alike than this have hardly a word in common, and are not shown."""


@dataclass(frozen=True, slots=True)
class Remembered:
    """A diagnosis with what memory adds, and the incident it was recorded as; none where nothing is wrong."""

    diagnosis: Diagnosis
    incident: Incident | None


def remembered(
    diagnosis: Diagnosis,
    base: KnowledgeBase,
    at: datetime,
    *,
    project: str = "",
    secrets: Iterable[str] = (),
    record: bool = True,
) -> Remembered:
    """Record what was found, once however often it is found, and recall its like; without `record`, only recall.

    What memory cannot do becomes a gap of the diagnosis, which stands as it is.
    """
    incident = incident_of(diagnosis, at, project=project, secrets=secrets)
    if incident is None:
        return Remembered(diagnosis, None)
    try:
        kept = base.record(incident) if record else incident
    except BlissfulError as error:
        return Remembered(without_memory(diagnosis, error), None)
    try:
        patterns = dict.fromkeys(pattern_of(one.claim.category, one.claim.rule) for one in diagnosis.findings)
        rates = tuple(rate for pattern in patterns for rate in base.success_rates(pattern))
        similar = similar_to(kept, base)
    except BlissfulError as error:
        gap = f"similar incidents were not looked for: {error.message}"
        return Remembered(replace(diagnosis, gaps=(*diagnosis.gaps, gap)), kept if record else None)
    return Remembered(replace(diagnosis, similar=similar, rates=rates), kept if record else None)


def similar_to(incident: Incident, base: KnowledgeBase) -> tuple[SimilarIncident, ...]:
    """The incidents that are alike, each with how often the fixes that were tried on it helped against its pattern."""
    found = base.similar(incident.signature, limit=SHOWN, except_id=incident.id)
    return tuple(replace(one, rates=_rates_of(one.incident, base)) for one in found if one.similarity >= ALIKE)


def without_memory(diagnosis: Diagnosis, error: BlissfulError) -> Diagnosis:
    """The diagnosis with the gap that an unusable knowledge base leaves."""
    hint = f" ({error.hint})" if error.hint else ""
    gap = f"nothing was recorded and no similar incident looked for: {error.message}{hint}"
    return replace(diagnosis, gaps=(*diagnosis.gaps, gap))


def _rates_of(incident: Incident, base: KnowledgeBase) -> tuple[SuccessRate, ...]:
    tried = {outcome.fix_id for outcome in base.outcomes(incident.id)}
    return tuple(rate for rate in base.success_rates(incident.pattern) if rate.fix_id in tried)
