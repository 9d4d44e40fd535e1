"""What becomes of files of any bytes when they are read line by line."""

import gzip
import io
import tracemalloc
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.collectors.text_lines import LINE_OCTETS, Place, TextLines
from agent.errors import SourceUnavailableError


def lines_in(data: bytes) -> list[str]:
    return list(TextLines(["-"], io.BytesIO(data)))


@pytest.mark.parametrize(
    ("data", "lines"),
    [
        (b"", []),
        (b"\n", [""]),
        (b"one", ["one"]),
        (b"one\n\ntwo\r\n", ["one", "", "two"]),
        (b"\xef\xbb\xbfone\n", ["one"]),
        ("één\u2028two\x0cthree\n".encode(), ["één\u2028two\x0cthree"]),
        (b"\xff\xfe\n", ["\udcff\udcfe"]),
    ],
)
def test_a_line_ends_at_a_newline_only(data: bytes, lines: list[str]) -> None:
    assert lines_in(data) == lines


@settings(max_examples=100)
@given(st.binary(max_size=200))
def test_any_bytes_give_as_many_lines_as_there_are(data: bytes) -> None:
    assert len(lines_in(data)) == data.count(b"\n") + (not data.endswith(b"\n") and data != b"")


def test_a_line_of_any_length_is_cut_and_stays_one() -> None:
    data = b"x" * (3 * LINE_OCTETS) + b"\n" + b"y" * LINE_OCTETS + b"\nz"
    assert [(line[0], len(line)) for line in lines_in(data)] == [("x", LINE_OCTETS), ("y", LINE_OCTETS), ("z", 1)]


def test_several_files_are_one_stream_whose_places_are_known(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_text("one\ntwo\n")
    (tmp_path / "empty.log").write_text("")
    (tmp_path / "b.log").write_bytes(gzip.compress(b"three\n"))
    names = [str(tmp_path / name) for name in ("a.log", "empty.log", "b.log")]
    lines = TextLines(names, io.BytesIO())
    assert list(lines) == ["one", "two", "three"]
    assert [lines.place(index) for index in range(3)] == [Place(names[0], 1), Place(names[0], 2), Place(names[2], 1)]


def test_what_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "torn.gz").write_bytes(gzip.compress(b"one\n" * 1000)[:-20])
    for name in (str(tmp_path / "torn.gz"), str(tmp_path / "nowhere"), str(tmp_path)):
        with pytest.raises(SourceUnavailableError, match=name):
            list(TextLines([name], io.BytesIO()))


def test_a_large_file_is_never_held_in_memory() -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "large.log"
        path.write_bytes(b"a line of a log that is larger than what may be held\n" * 200_000 + b"x" * 20_000_000)
        tracemalloc.start()
        count = sum(1 for _ in TextLines([str(path)], io.BytesIO()))
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert count == 200_001
    assert peak < 2_000_000
