"""Many sources as one ordered story."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from agent.domain import Collected, Severity, Window
from agent.timeline import Timeline, collapse, timeline_of
from agent.timeline.merging import merged
from tests.unit.agent.factories import NOON, an_event


def test_sources_are_ordered_by_time_and_equal_events_stand_once() -> None:
    early, late = an_event(minute=1), an_event(minute=2, source="git", kind="commit.made")
    one = Collected.of("logs", (early,), detail="d")
    timeline = timeline_of((Collected.of("git", (late,), detail="d"), one, one, Collected.unavailable("docker", "off")))
    assert timeline.events == (early, late)
    assert timeline.unseen == ("docker",)
    assert timeline.ids() == {early.id, late.id}


def test_views_keep_the_order() -> None:
    events = tuple(
        an_event(minute=minute, severity=severity, subject=subject, kind=kind)
        for minute, (severity, subject, kind) in enumerate(
            [
                (Severity.INFO, "app", "log.line"),
                (Severity.ERROR, "app", "task.failed"),
                (Severity.FATAL, "kafka", "logs"),
            ]
        )
    )
    timeline = Timeline(events)
    assert timeline.of_kind("log").events == events[:1]
    assert timeline.of_kind("task", "logs").events == events[1:]
    assert timeline.about("app").events == events[:2]
    assert timeline.at_least(Severity.ERROR).events == events[1:]
    assert timeline.within(Window(NOON, NOON + timedelta(seconds=59))).events == events[:1]
    assert timeline.last(2).events == events[1:]
    assert timeline.last(0).events == ()


def test_equal_messages_are_one_with_a_count_and_an_end() -> None:
    same = [an_event(minute=minute, message="refused") for minute in (0, 2, 5)]
    (first, other) = collapse([same[0], an_event(minute=1, message="other"), *same[1:]])
    assert (first.first, first.times, first.until) == (same[0], 3, same[2].at)
    assert other.times == 1


TIMES = st.lists(st.none() | st.integers(0, 50).map(lambda minute: NOON + timedelta(minutes=minute)), max_size=8)


@given(st.lists(TIMES, max_size=4))
def test_merging_loses_nothing_and_keeps_each_streams_order(streams: list[list[datetime | None]]) -> None:
    numbered = [[(stream, place, at) for place, at in enumerate(times)] for stream, times in enumerate(streams)]
    found = list(merged(numbered, lambda item: item[2]))
    for stream, times in enumerate(numbered):
        assert [item for item in found if item[0] == stream] == times


@given(
    st.lists(st.lists(st.integers(0, 50).map(lambda minute: NOON + timedelta(minutes=minute))).map(sorted), min_size=1)
)
def test_merging_ordered_streams_gives_an_ordered_one(streams: list[list[datetime]]) -> None:
    assert list(merged(streams, lambda at: at)) == sorted(at for stream in streams for at in stream)
