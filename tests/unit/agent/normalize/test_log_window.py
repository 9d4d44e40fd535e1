from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from agent.domain import Window
from agent.normalize.log_window import within

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def lines_at(minutes: list[int]) -> list[bytes]:
    return [f"{NOON + timedelta(minutes=minute):%Y-%m-%d %H:%M:%S}.000 INFO m{minute}".encode() for minute in minutes]


def cut(lines: list[bytes], since: int, until: int) -> list[bytes]:
    window = Window(NOON + timedelta(minutes=since), NOON + timedelta(minutes=until))
    start, end = within(lines, window, zone=UTC, written=NOON)
    return lines[start:end]


@given(st.lists(st.integers(0, 500)).map(sorted), st.integers(0, 500), st.integers(0, 500))
def test_dated_lines_are_those_of_the_window(minutes: list[int], one: int, other: int) -> None:
    since, until = sorted((one, other))
    expected = lines_at([minute for minute in minutes if since <= minute <= until])
    assert cut(lines_at(minutes), since, until) == expected


def test_a_stack_trace_stays_with_its_line() -> None:
    lines = [*lines_at([0]), b"  at old", *lines_at([10]), b"  at Foo.bar", b"  at Foo.baz", *lines_at([20])]
    assert cut(lines, 5, 15) == lines[2:5]


def test_lines_without_any_time_were_written_when_the_file_was() -> None:
    assert cut([b"one", b"two"], -1, 1) == [b"one", b"two"]
    assert cut([b"one", b"two"], 1, 2) == []
    assert cut([], 0, 1) == []
