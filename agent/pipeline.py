"""The wiring, from a question to its answer; reads as a table of contents."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from agent.answers import ANSWERS, understood
from agent.domain import Answer, Bound, Collected, SourceSeen, Window
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


def window_until(now: datetime, look_back: timedelta = LOOK_BACK) -> Window:
    """The stretch of time an investigation looks at."""
    return Window(now - look_back, now)
