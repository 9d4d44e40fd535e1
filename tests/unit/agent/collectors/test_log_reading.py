"""Log files read whole, from the end, and followed; containers' lines told from their times."""

import io
import itertools
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.collectors.container_lines import moment_at, nanoseconds_of
from agent.collectors.log_feeds import FileFeed
from agent.collectors.log_files import LONGEST_LINE, FollowedFile, LineReader, fingerprint_of, lines_from, starts_of
from agent.collectors.log_following import followed
from agent.collectors.log_history import history_of
from agent.domain import Severity
from agent.normalize.log_filter import LogFilter


def a_line(second: int, message: str, level: str = "info") -> str:
    at = datetime.fromtimestamp(1_767_268_800 + second, UTC).isoformat()
    return json.dumps({"@timestamp": at, "log": {"level": level}, "message": message}) + "\n"


def messages(feeds: Sequence[FileFeed], keep: LogFilter | None = None, tail: int | None = None) -> list[str]:
    found = [entry.line.message for entry in history_of(feeds, keep or LogFilter(), tail=tail)]
    for feed in feeds:
        feed.close()
    return found


@given(st.lists(st.binary(max_size=30).filter(lambda line: b"\n" not in line), max_size=20), st.integers(0, 400))
def test_reading_from_the_end_gives_whole_lines_only(lines: list[bytes], octets: int) -> None:
    whole = b"".join(line + b"\n" for line in lines)
    everything = list(LineReader(io.BytesIO(whole)).lines())
    start = max(0, len(whole) - octets)
    found = list(LineReader.at(io.BytesIO(whole), start).lines())
    assert found == [(offset, line) for offset, line in everything if offset >= start]
    assert [line for _, line in everything] == lines


def test_a_huge_line_is_cut_and_the_next_one_is_whole() -> None:
    reader = LineReader(io.BytesIO(b"x" * (LONGEST_LINE * 3) + b"\nnext\n"))
    (_, cut), (offset, line) = reader.lines()
    assert len(cut) < LONGEST_LINE + 100
    assert cut.endswith(b" bytes cut")
    assert (offset, line) == (LONGEST_LINE * 3 + 1, b"next")


def test_rotated_files_are_read_oldest_first_and_share_the_bound(tmp_path: Path) -> None:
    old, new = tmp_path / "a.log.1", tmp_path / "a.log"
    old.write_text("one\ntwo\n")
    new.write_text("three\n")
    assert starts_of([old, new], None) == {old: 0, new: 0}
    assert starts_of([old, new], 7) == {old: 7, new: 0}
    assert [line for _, _, line in lines_from(old, 3)] == [b"two"]


def test_a_fingerprint_survives_rotation(tmp_path: Path) -> None:
    log = tmp_path / "a.log"
    log.write_text("first\n")
    before = fingerprint_of(log)
    with log.open("a") as file:
        file.write("second\n")
    assert fingerprint_of(log.rename(tmp_path / "a.log.1")) == before


def test_a_followed_file_survives_rotation_truncation_and_absence(tmp_path: Path) -> None:
    log = tmp_path / "a.log"
    followed_file = FollowedFile(log)

    def fresh() -> list[bytes]:
        return [line for _, line in followed_file.lines()]

    assert fresh() == []
    log.write_text("one\ntw")
    assert fresh() == [b"one"]
    with log.open("a") as file:
        file.write("o\nthree\n")
    assert fresh() == [b"two", b"three"]
    with log.open("a") as file:
        file.write("four\n")
    log.rename(tmp_path / "a.log.1")
    log.write_text("five\n")
    assert fresh() == [b"four", b"five"]
    log.write_text("6\n")
    assert fresh() == [b"6"]
    log.unlink()
    assert fresh() == []
    followed_file.close()


def test_services_are_merged_by_time(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_text(a_line(1, "a1") + "\tat a1\n" + a_line(4, "a4"))
    (tmp_path / "b.log").write_text(a_line(2, "b2") + "b without a time\n" + a_line(9, "b9"))
    feeds = [FileFeed(name, [tmp_path / f"{name}.log"], UTC) for name in "ab"]
    assert messages(feeds) == ["a1", "\tat a1", "b2", "b without a time", "a4", "b9"]


@pytest.mark.parametrize("keep", [LogFilter(), LogFilter(level=Severity.ERROR)])
def test_the_tail_is_the_end_of_the_whole(tmp_path: Path, keep: LogFilter) -> None:
    with (tmp_path / "a.log").open("w") as file:
        for second in range(30_000):
            file.write(a_line(second, f"a{second}", "error" if second % 5_000 == 0 else "info"))
            if second % 7 == 0:
                file.write(f"plain {second}\n\tmore\n")
    (tmp_path / "b.log").write_text("".join(a_line(second, f"b{second}") for second in range(0, 30_000, 900)))
    feeds = [FileFeed(name, [tmp_path / f"{name}.log"], UTC) for name in "ab"]
    whole = messages(feeds, keep)
    for tail in (0, 1, 10, 1000):
        assert messages(feeds, keep, tail) == whole[len(whole) - min(tail, len(whole)) :]


def test_following_goes_on_after_the_history_and_keeps_traces_whole(tmp_path: Path) -> None:
    log = tmp_path / "a.log"
    log.write_text(a_line(1, "old") + "ERROR: br")
    feed = FileFeed("a", [log], UTC)
    assert [entry.line.message for entry in history_of([feed], LogFilter(), unfinished=False)] == ["old"]
    with log.open("a") as file:
        file.write("oken\n\tat x\n")
    found = list(itertools.islice(followed([feed], LogFilter(), pause_s=0.01), 1))
    assert [(entry.line.message, entry.line.stack) for entry in found] == [("broken", "\tat x")]
    feed.close()


def test_the_engines_times_are_read_to_the_nanosecond() -> None:
    nanoseconds = nanoseconds_of(b"2026-01-01T12:00:00.123456789Z")
    assert nanoseconds == 1_767_268_800_123_456_789
    assert moment_at(nanoseconds) == datetime(2026, 1, 1, 12, 0, 0, 123456, tzinfo=UTC)
    assert nanoseconds_of(b"hello") is None
    assert nanoseconds_of(b"2026-01-01T12:00:00.12x4Z") is None
