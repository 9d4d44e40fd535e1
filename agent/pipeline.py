"""The wiring, from a question to its answer; reads as a table of contents."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from agent.answers import ANSWERS, DIAGNOSED, understood
from agent.answers.citing_quotes import events_of
from agent.domain import Answer, Bound, Collected, CollectedStatus, SourceSeen, Window
from agent.domain.diagnosis import Diagnosis
from agent.ports import Collector
from agent.timeline import Timeline, timeline_of

LOOK_BACK = timedelta(days=7)


def collect(collectors: Sequence[Collector], window: Window, bound: Bound) -> tuple[Collected, ...]:
    """What every source got, in the order of the collectors."""
    return tuple(collector.collect(window, bound) for collector in collectors)


def answer(question: str, collected: Sequence[Collected], services: Sequence[str]) -> tuple[Answer, Timeline]:
    """The answer from what was collected, without any model, and the timeline that it rests on."""
    asked = understood(question, services)
    timeline = timeline_of(collected)
    found = ANSWERS[asked.intent](asked, timeline)
    return replace(found, sources=tuple(SourceSeen.of(one) for one in collected)), timeline


def diagnosed_answer(
    question: str, diagnosis: Diagnosis, services: Sequence[str], at: datetime, *, seen: Sequence[SourceSeen] = ()
) -> tuple[Answer, Timeline]:
    """The answer to a question that a diagnosis answers, and the timeline of all that it may cite.

    `seen` are the sources; without them the parts of the evidence are named.
    """
    asked = understood(question, services)
    found = DIAGNOSED[asked.intent](asked, diagnosis)
    parts = (
        SourceSeen(part.name, CollectedStatus.OK if part.records else CollectedStatus.EMPTY, part.records, "")
        for part in diagnosis.sources
    )
    told = tuple(f"Not seen: {one.source} could not be seen" for one in seen)
    notes = tuple(note for note in found.notes if not (told and note.startswith(told)))
    return replace(found, notes=notes, sources=tuple(seen) or tuple(parts)), Timeline(events_of(diagnosis, at))


def wants_diagnosis(question: str, services: Sequence[str]) -> bool:
    """Whether a diagnosis answers the question."""
    return understood(question, services).intent in DIAGNOSED


def window_until(now: datetime, look_back: timedelta = LOOK_BACK) -> Window:
    """The stretch of time an investigation looks at."""
    return Window(now - look_back, now)
