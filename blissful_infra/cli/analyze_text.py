"""A diagnosis as text for people."""

from collections.abc import Iterator, Sequence

import click

from agent.domain.claim import HEALTHY, Statement
from agent.domain.diagnosis import Diagnosis, RankedCause
from agent.domain.incident import SimilarIncident
from agent.normalize.neutral import neutral

_LONGEST_QUOTE = 240
_NAMES = 5
_OTHERS = 4


def lines_of(diagnosis: Diagnosis) -> Iterator[str]:
    """The first cause with its evidence, the others in a line each, then what was seen and what was not."""
    yield click.style(neutral(diagnosis.title), bold=True)
    yield ""
    if not diagnosis.findings or diagnosis.findings[0].claim.category == HEALTHY:
        yield "Nothing wrong found."
    for cause in diagnosis.findings[:1]:
        yield from _first(cause, diagnosis)
    if len(diagnosis.findings) > 1:
        yield ""
        yield "Less likely:"
        for cause in diagnosis.findings[1 : 1 + _OTHERS]:
            yield f"  {cause.confidence:>4.0%}  {neutral(cause.claim.cause)}"
    yield from similar_lines(diagnosis.similar)
    yield ""
    seen = [f"{part.name} ({part.records})" for part in diagnosis.sources if part.records]
    unseen = [part.name for part in diagnosis.sources if not part.records]
    yield click.style(f"Seen: {', '.join(seen) or 'nothing'}", dim=True)
    if unseen:
        yield click.style(f"Not there: {', '.join(unseen)}", dim=True)
    for gap in diagnosis.gaps:
        yield click.style(f"Gap: {neutral(gap)}", dim=True)


def similar_lines(similar: Sequence[SimilarIncident]) -> Iterator[str]:
    """Each similar incident with how alike it is, how it was resolved, and how often its fixes helped."""
    if similar:
        yield ""
        yield f"Similar Incidents: {len(similar)} found"
    for one in similar:
        incident = one.incident
        seen = f", seen {incident.times_seen} times" if incident.times_seen > 1 else ""
        yield f"  {one.similarity:>4.0%}  {incident.id[:8]}  {neutral(incident.cause)}"
        last = f"{incident.state}, last {incident.last_seen_at:%Y-%m-%d %H:%M} UTC{seen}"
        yield click.style(f"        {last}", dim=True)
        if incident.resolution:
            yield f"        resolved by: {neutral(incident.resolution)}"
        for rate in one.rates:
            share = rate.resolved / rate.tried
            yield f"        {neutral(rate.fix_id)} helped {rate.resolved} of {rate.tried} times ({share:.0%})"


def _first(cause: RankedCause, diagnosis: Diagnosis) -> Iterator[str]:
    claim = cause.claim
    yield f"FINDING: {click.style(_headline(cause), bold=True)}"
    yield f"CONFIDENCE: {cause.confidence:.0%} ({', '.join(cause.lines)})"
    if diagnosis.timeline:
        yield from ("", "Timeline:")
        same_day = len({moment.at.date() for moment in diagnosis.timeline}) == 1
        for moment in diagnosis.timeline:
            yield (
                f"  {moment.at:%H:%M:%S} - {neutral(moment.text)}"
                if same_day
                else (f"  {moment.at:%Y-%m-%d %H:%M:%S} - {neutral(moment.text)}")
            )
    yield from ("", "Root Cause:", f"  {neutral(claim.cause)}")
    rows = (
        ("in", _some(claim.files)),
        ("tests", _some(claim.tests)),
        ("commit", claim.commit),
        ("metric", claim.metric),
    )
    for name, value in rows:
        if value:
            yield f"  {name}: {neutral(value)}"
    yield from ("", "Evidence:")
    for quote in claim.evidence:
        yield f"  {click.style('|', dim=True)} {neutral(' '.join(quote.text.split())[:_LONGEST_QUOTE])}"
        yield click.style(
            f"    {neutral(quote.path)}" + (f": {neutral(quote.reason)}" if quote.reason else ""), dim=True
        )
    yield from _statements("Also speaks for it:", (*claim.supports, *cause.supports))
    yield from _statements("Speaks against it:", (*claim.against, *cause.against))
    if cause.missing:
        yield from ("", "Not seen, and what would settle it:")
        for missing in cause.missing:
            yield f"  {neutral(missing.what)}" + (f": {neutral(missing.command)}" if missing.command else "")
    yield from _statements("Contributing:", diagnosis.contributing)
    if claim.fix and not cause.fixes:
        yield from ("", "Suggested Fix:", f"  {neutral(claim.fix)}")


def _some(names: Sequence[str]) -> str:
    """A few of many, the first ones: those the claim points to stand there."""
    more = f" and {len(names) - _NAMES} more" if len(names) > _NAMES else ""
    return ", ".join(names[:_NAMES]) + more


def _headline(cause: RankedCause) -> str:
    """What broke, and where: `oom-killed in web`."""
    claim = cause.claim
    return neutral(f"{claim.category} in {claim.subject}" if claim.category != HEALTHY else f"{claim.subject} is well")


def _statements(title: str, statements: Sequence[Statement]) -> Iterator[str]:
    if statements:
        yield from ("", title)
        for statement in statements:
            yield f"  {neutral(statement.text)}"
