"""Suggestions as text for people and as JSON for programs (schema: `suggest.v1.json`)."""

import dataclasses
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import click

from agent.advice import Ranked
from agent.domain.suggestion import Priority, Shown, Verdict
from agent.normalize.neutral import neutral
from agent.suggesting import Advised

COLOURS = {Priority.HIGH: "red", Priority.MEDIUM: "yellow", Priority.LOW: "blue"}
_MOST_SHOWN = 3


def lines_of(advised: Advised, shown: Sequence[Ranked], *, only_new: bool = False) -> Iterator[str]:
    """Each suggestion with the lines that show it and its fix, then what was looked at and what was not."""
    if not shown:
        yield "Nothing new to suggest." if only_new else "Nothing to suggest."
    for place in shown:
        yield from _suggestion(place)
        yield ""
    counts = Counter(place.priority for place in shown)
    hidden = sum(place.verdict is Verdict.DISMISSED for place in advised.places if place not in shown)
    told = ", ".join(f"{counts[priority]} {priority}" for priority in Priority if counts[priority])
    if told:
        yield click.style(told + (f"; {hidden} dismissed (--all shows them)" if hidden else ""), dim=True)
    yield click.style(f"Looked at: {', '.join(advised.seen)}", dim=True)
    for gap in advised.gaps:
        yield click.style(f"Gap: {neutral(gap)}", dim=True)


def shape_of(advised: Advised, shown: Sequence[Ranked], project: str) -> dict[str, Any]:
    """The document of `suggest.v1.json`."""
    counts = Counter(place.priority for place in shown)
    return {
        "v": 1,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "project": project,
        "counts": {priority.value: counts[priority] for priority in Priority},
        "dismissed": sum(place.verdict is Verdict.DISMISSED for place in advised.places),
        "suggestions": [_shape(place) for place in shown],
        "seen": list(advised.seen),
        "gaps": list(advised.gaps),
    }


def _suggestion(place: Ranked) -> Iterator[str]:
    one = place.suggestion
    level = click.style(place.priority.upper().ljust(6), fg=COLOURS[place.priority], bold=True)
    said = f" [{place.verdict}{': ' + neutral(place.reason) if place.reason else ''}]" if place.verdict else ""
    yield f"{level}  {click.style(neutral(one.title), bold=True)}{said}  {click.style(one.id, dim=True)}"
    yield f"        {neutral(one.why)}"
    for shown in one.evidence[:_MOST_SHOWN]:
        yield f"        {click.style('|', dim=True)} {neutral(shown.quote)}  {click.style(_place(shown), dim=True)}"
    if len(one.evidence) > _MOST_SHOWN:
        yield click.style(f"        | and {len(one.evidence) - _MOST_SHOWN} more", dim=True)
    yield f"        fix: {neutral(one.fix)}"
    if place.note:
        yield click.style(f"        {place.note}", dim=True)


def _place(shown: Shown) -> str:
    return neutral(f"{shown.place}:{shown.line}" if shown.line else shown.place)


def _shape(place: Ranked) -> dict[str, Any]:
    one = place.suggestion
    return {
        "id": one.id,
        "rule": one.rule,
        "priority": place.priority,
        "subject": one.subject,
        "title": one.title,
        "why": one.why,
        "fix": one.fix,
        "evidence": [dataclasses.asdict(shown) for shown in one.evidence],
        "verdict": place.verdict,
        "reason": place.reason,
        "note": place.note,
    }
