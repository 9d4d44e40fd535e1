"""An answer as text for people and as JSON for programs (schema: `agent.v1.json`)."""

import dataclasses
from collections.abc import Iterator
from datetime import tzinfo
from typing import Any

import click

from agent.domain import Answer, CollectedStatus, Event, Evidence, SourceSeen
from agent.llm.narrating import Narration
from agent.normalize.neutral import neutral
from blissful_infra.cli.agent_model import ModelSeen
from blissful_infra.cli.log_text import COLOURS
from blissful_infra.cli.narrator import Prompt

_LONGEST_QUOTE = 400
_MOST_QUOTED_LINES = 6


def lines_of(answer: Answer, *, zone: tzinfo) -> Iterator[str]:
    """The headline, the findings with their evidence or the events, the notes, then what was looked at."""
    yield click.style(neutral(answer.headline), bold=True)
    for number, finding in enumerate(answer.findings, start=1):
        yield ""
        yield f"{number}. {neutral(finding.title)}  {click.style(f'({finding.confidence:.0%} sure)', dim=True)}"
        for evidence in finding.evidence:
            yield from _evidence(evidence)
    width = max((len(event.subject) for event in answer.events), default=0)
    for event in answer.events:
        yield _event(event, width, zone)
    if answer.findings:
        yield ""
    for note in answer.notes:
        yield neutral(note)
    for line in _sources(answer):
        yield click.style(line, dim=True)


def shape_of(
    answer: Answer, seen: ModelSeen, narration: Narration | None, prompt: Prompt | None = None
) -> dict[str, Any]:
    """The answer as data."""
    return {
        "v": 1,
        **{field.name: getattr(answer, field.name) for field in dataclasses.fields(answer) if field.name != "events"},
        "events": [_shape(event) for event in answer.events],
        "model": {
            "name": seen.model.name if seen.model else None,
            "reason": seen.reason,
            "origin": "model",
            "sentences": narration.sentences if narration else (),
            "dropped": narration.dropped if narration else 0,
            "problem": narration.problem if narration else None,
            "prompt": None if prompt is None else {"system": prompt.system, "user": prompt.user},
        },
    }


def _evidence(evidence: Evidence) -> Iterator[str]:
    quoted = neutral(evidence.quote[:_LONGEST_QUOTE], keep_newlines=True).splitlines()[:_MOST_QUOTED_LINES]
    for line in quoted:
        yield f"   {click.style('|', dim=True)} {line}"
    more = f" and {len(evidence.event_ids) - 1} more" if len(evidence.event_ids) > 1 else ""
    place = f", {neutral(evidence.place)}" if evidence.place else ""
    yield click.style(f"     {evidence.reason}{place} [{evidence.event_ids[0]}]{more}", dim=True)


def _event(event: Event, width: int, zone: tzinfo) -> str:
    at = f"{event.at.astimezone(zone):%Y-%m-%d %H:%M:%S.%f}"[:23]
    level = click.style(event.severity.upper().ljust(5), fg=COLOURS[event.severity])
    text = f"{click.style(at, dim=True)}  {event.subject.ljust(width)}  {level}  {neutral(event.message)}"
    stack = event.attrs.get("stack")
    if isinstance(stack, str) and stack:
        rows = neutral(stack, keep_newlines=True).splitlines()
        text += "".join(f"\n    {click.style(row, dim=True)}" for row in rows)
    return text


def _sources(answer: Answer) -> Iterator[str]:
    seen = [one for one in answer.sources if one.status is not CollectedStatus.UNAVAILABLE]
    if seen:
        told = (f"{one.source} ({one.records}{' newest' if one.truncated else ''}{_detail(one)})" for one in seen)
        yield neutral(f"Seen: {', '.join(told)}")
    for one in answer.sources:
        if one.status is CollectedStatus.UNAVAILABLE:
            yield neutral(f"Not seen: {one.source}: {one.detail}")


def _detail(source: SourceSeen) -> str:
    return f"; {source.detail}" if source.detail else ""


def _shape(event: Event) -> dict[str, Any]:
    shape = {field.name: getattr(event, field.name) for field in dataclasses.fields(event) if field.name != "attrs"}
    return {**shape, "stack": event.attrs.get("stack"), "trace_id": event.attrs.get("trace_id")}
