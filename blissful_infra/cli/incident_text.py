"""One incident as text for people: what was found when it was last seen, what was tried, and what is like it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import click

from agent.domain.fix import Outcome
from agent.domain.incident import Incident, SimilarIncident
from agent.normalize.neutral import neutral
from blissful_infra.cli.analyze_text import similar_lines
from blissful_infra.cli.incident_shape import report_of

_LONGEST = 240
_OTHERS = 4
_MOMENTS = 40


def lines_of_incident(
    incident: Incident, outcomes: Sequence[Outcome], similar: Sequence[SimilarIncident]
) -> Iterator[str]:
    """The incident, its report's evidence and timeline, the outcomes, and similar incidents."""
    yield click.style(neutral(f"{incident.id}  {incident.title}"), bold=True)
    yield ""
    yield f"STATE       {incident.state}" + (f" into {incident.merged_into}" if incident.merged_into else "")
    opened, seen = f"{incident.opened_at:%Y-%m-%d %H:%M}", f"{incident.last_seen_at:%Y-%m-%d %H:%M}"
    yield f"SEEN        {incident.times_seen} times, first {opened}, last {seen} UTC"
    yield f"FINDING     {click.style(neutral(incident.cause), bold=True)}"
    yield f"CONFIDENCE  {incident.confidence:.0%}"
    yield f"CATEGORY    {incident.category}"
    yield f"SUBJECT     {neutral(incident.subject)}"
    if incident.closed_at:
        yield f"RESOLVED    {incident.closed_at:%Y-%m-%d %H:%M} UTC: {neutral(incident.resolution)}"
    yield from _report(report_of(incident))
    if outcomes:
        yield ""
        yield "OUTCOMES"
    for outcome in outcomes:
        note = f": {neutral(outcome.note)}" if outcome.note else ""
        yield f"  {outcome.at:%Y-%m-%d %H:%M} UTC  {outcome.result:<8}  {neutral(outcome.fix_id)}{note}"
    yield from similar_lines(similar)


def _report(report: Mapping[str, Any]) -> Iterator[str]:
    """What the stored report holds; a report of an older or newer version may lack parts."""
    findings = [one for one in _items(report, "findings") if isinstance(one, dict)]
    for finding in findings[:1]:
        yield "EVIDENCE"
        for quote in _items(finding, "evidence"):
            yield f"  {click.style('|', dim=True)} {_text(quote, 'quote')}"
            yield click.style(f"    {_text(quote, 'file')}: {_text(quote, 'reason')}", dim=True)
    if moments := _items(report, "timeline"):
        yield "TIMELINE"
        for moment in moments[:_MOMENTS]:
            yield f"  {_text(moment, 'at')[:19].replace('T', ' ')} - {_text(moment, 'text')}"
    if len(findings) > 1:
        yield "Less likely:"
        for finding in findings[1 : 1 + _OTHERS]:
            yield f"  {_text(finding, 'cause')}"
    for gap in _items(report, "gaps"):
        yield click.style(f"Gap: {neutral(str(gap)[:_LONGEST])}", dim=True)


def _items(data: Mapping[str, Any], name: str) -> list[Any]:
    found = data.get(name)
    return found if isinstance(found, list) else []


def _text(data: object, name: str) -> str:
    found = data.get(name) if isinstance(data, dict) else None
    return neutral(" ".join(str(found or "").split())[:_LONGEST])
