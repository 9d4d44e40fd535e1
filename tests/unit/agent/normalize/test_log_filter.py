"""A cheap look never changes what is found."""

import re
from datetime import UTC

import orjson
from hypothesis import example, given
from hypothesis import strategies as st

from agent.collectors.log_entries import entries_of
from agent.domain import Severity
from agent.normalize.joining import joined
from agent.normalize.log_filter import LogFilter
from agent.normalize.log_line import parsed

WORDS = st.sampled_from(
    ["info", "ERROR", "Warning", "err", "fatal", "needle", "Needle in hay", "nee\u017fdle", "\u212a", "x", "debug"]
)
KEYS = st.sampled_from(
    ["level", "log", "log.level", "severity", "message", "msg", "trace_id", "trace", "id", "error", "stack"]
)
LEAVES = WORDS | st.text(max_size=8) | st.sampled_from([50, 40, 30, None])
DOCUMENTS = st.dictionaries(KEYS, LEAVES | st.dictionaries(KEYS, LEAVES, max_size=3), max_size=5)
ESCAPED = DOCUMENTS.map(lambda document: __import__("json").dumps(document).encode())
LINES = (
    DOCUMENTS.map(orjson.dumps)
    | ESCAPED
    | WORDS.map(str.encode)
    | st.binary(max_size=20).map(lambda raw: b"{" + raw + b"}")
)
FILTERS = st.builds(
    LogFilter,
    level=st.none() | st.sampled_from(list(Severity)),
    pattern=st.none() | st.sampled_from([re.compile(text, flags) for text in ("needle", "k", "hay", "n..dle")
                                         for flags in (0, re.IGNORECASE)]),
    trace=st.none() | WORDS,
)  # fmt: skip


@given(st.lists(LINES, max_size=6), FILTERS)
@example([b'{"level":"info","level":"error","message":"x"}'], LogFilter(level=Severity.ERROR))
@example([b'{"l\\u0065vel":"\\u0065rror","message":"x"}'], LogFilter(level=Severity.ERROR))
@example([b'{"message":"n\x1b[0meedle}'], LogFilter(pattern=re.compile("needle")))
@example([b'{"message":"n\\u0065edle"}'], LogFilter(pattern=re.compile("needle")))
def test_the_entries_found_are_those_that_reading_everything_finds(lines: list[bytes], keep: LogFilter) -> None:
    numbered = [(number, line) for number, line in enumerate(lines) if b"\n" not in line]
    everything = ((offset, parsed(raw, zone=UTC)) for offset, raw in joined(numbered))
    expected = [(offset, line) for offset, line in everything if keep.admits(line, line.at)]
    assert [(entry.offset, entry.line) for entry in entries_of("app", numbered, keep, UTC)] == expected


def test_a_line_without_a_time_goes_with_the_one_before_even_when_that_is_not_wanted() -> None:
    lines = [(0, b'{"time":"2026-01-01T12:00:00Z","level":"info","msg":"x"}'), (9, b"ERROR: y")]
    (entry,) = entries_of("app", lines, LogFilter(level=Severity.ERROR), UTC)
    assert entry.at is not None
    assert entry.at.hour == 12
