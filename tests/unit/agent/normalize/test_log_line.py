"""Every shape of log line that is read, and what hostile ones come to."""

import time
from datetime import UTC, datetime, timedelta, timezone

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.domain import Severity
from agent.normalize.log_line import LogLine, parsed
from agent.normalize.neutral import neutral

AT = datetime(2026, 1, 1, 12, 0, 0, 123000, tzinfo=UTC)


def read(text: str) -> LogLine:
    return parsed(text.encode(), zone=UTC)


JSON = {
    "ECS nested": {
        "@timestamp": "2026-01-01T12:00:00.123Z",
        "log": {"level": "error", "logger": "app.http"},
        "message": "no",
        "service": {"name": "my-service"},
        "trace": {"id": "abc"},
        "error": {"stack_trace": "at x"},
    },
    "ECS dotted": {
        "@timestamp": "2026-01-01T12:00:00.123Z",
        "log.level": "ERROR",
        "log.logger": "app.http",
        "message": "no",
        "service.name": "my-service",
        "trace.id": "abc",
        "error.stack_trace": "at x",
    },
    "usual names": {
        "time": "2026-01-01T12:00:00.123+00:00",
        "level": "Error",
        "logger": "app.http",
        "msg": "no",
        "service": "my-service",
        "trace_id": "abc",
        "exception": "at x",
    },
    "pino": {
        "time": 1767268800123,
        "level": 50,
        "name": "app.http",
        "msg": "no",
        "service": "my-service",
        "traceId": "abc",
        "err": {"stack": "at x"},
    },
    "seconds": {
        "ts": 1767268800.123,
        "severity": "error",
        "logger": "app.http",
        "event": "no",
        "app": "my-service",
        "traceID": "abc",
        "stacktrace": "at x",
    },
}


@pytest.mark.parametrize("shape", JSON)
def test_json_of_every_shape_says_the_same(shape: str) -> None:
    line = parsed(orjson.dumps(JSON[shape]), zone=UTC)
    assert line.at is not None
    assert abs(line.at - AT) < timedelta(milliseconds=1)
    assert line[1:7] == (Severity.ERROR, "no", "my-service", "abc", "app.http", "at x")


PLAIN = [
    (
        '2026-01-01 12:00:00.123 UTC [71] ERROR:  relation "g" does not exist',
        Severity.ERROR,
        'relation "g" does not exist',
    ),
    (
        "2026-01-01 12:00:00.123 UTC [71] app@app FATAL:  password authentication failed",
        Severity.FATAL,
        "password authentication failed",
    ),
    ("2026-01-01 12:00:00.123 UTC [71] LOG:  ready", Severity.INFO, "ready"),
    (
        "[2026-01-01 12:00:00,123] WARN [Controller 1] slow (kafka.server.Controller)",
        Severity.WARN,
        "[Controller 1] slow",
    ),
    ("71:M 01 Jan 2026 12:00:00.123 # out of memory", Severity.WARN, "out of memory"),
    (
        "2026-01-01 12:00:00,123 p=7 u=me n=ansible | fatal: [local]: FAILED! => {}",
        Severity.ERROR,
        "fatal: [local]: FAILED! => {}",
    ),
    ("2026-01-01T12:00:00.123Z ERROR 71 --- [app] [main] c.e.Application : Broken", Severity.ERROR, "Broken"),
    ("2026-01-01 12:00:00,123 INFO spawned: 'kafka' with pid 7", Severity.INFO, "spawned: 'kafka' with pid 7"),
    ('time=2026-01-01T12:00:00.123Z level=warn msg="slow \\"q\\"" ms=812', Severity.WARN, 'slow "q"'),
]


CARRIED = [
    ('2026-01-01T12:00:00.123456789Z {"level":"error","msg":"no"}', Severity.ERROR, "no", None),
    ("2026-01-01T12:00:00.123Z E0101 12:00:00.123456       1 reflector.go:138] no", Severity.ERROR, "no", None),
    ("2026-01-01T12:00:00.123Z stderr F panic: no", Severity.FATAL, "panic: no", None),
    ("2026-01-01T12:00:00.123Z 00O ERROR: Job failed: exit code 1", Severity.ERROR, "Job failed: exit code 1", None),
    ("[pod/web-1/web] 2026-01-01T12:00:00.123Z ERROR no", Severity.ERROR, "no", "web"),
    ("web-1  | 2026-01-01T12:00:00.123Z ERROR no", Severity.ERROR, "no", "web-1"),
    ("<11>1 2026-01-01T12:00:00.123Z host app 71 ID47 - refused", Severity.ERROR, "refused", None),
    ("[Thu Jan 01 12:00:00.123 2026] [proxy:error] [pid 71:tid 1] AH00957: no", Severity.ERROR, "AH00957: no", None),
    ("2026-01-01 12:00:00.123 +00:00 [ERR] no", Severity.ERROR, "no", None),
]


@pytest.mark.parametrize(("text", "level", "message", "service"), CARRIED)
def test_what_a_carrier_adds_does_not_hide_the_programs_line(
    text: str, level: Severity, message: str, service: str | None
) -> None:
    line = read(text)
    assert (line.level, line.message, line.service) == (level, message, service)
    assert line.at is not None
    assert abs(line.at - AT) < timedelta(milliseconds=1)


def test_an_access_line_has_a_time_and_is_an_error_from_500_on() -> None:
    text = '10.0.0.7 - bob [01/Jan/2026:14:00:00 +0200] "GET /x HTTP/1.1" {} 157 "-" "curl/8"'
    assert read(text.format(502))[:3] == (AT.replace(microsecond=0), Severity.ERROR, text.format(502))
    assert read(text.format(404)).level is Severity.INFO


@pytest.mark.parametrize(
    ("text", "level", "logger", "message"),
    [
        ("Jan  1 12:00:00 host sshd[71]: error: reset by peer", Severity.ERROR, "sshd", "reset by peer"),
        ("<3>Jan  1 12:00:00 host app[71]: refused", Severity.ERROR, "app", "refused"),
        ("fail: Microsoft.Kestrel[13] Connection reset", Severity.ERROR, "Microsoft.Kestrel", "Connection reset"),
    ],
)
def test_lines_without_a_year_have_no_time_but_a_level(text: str, level: Severity, logger: str, message: str) -> None:
    line = read(text)
    assert (line.at, line.level, line.logger, line.message) == (None, level, logger, message)


@pytest.mark.parametrize(("text", "level", "message"), PLAIN)
def test_plain_text_gives_time_level_and_message(text: str, level: Severity, message: str) -> None:
    line = read(text)
    assert (line.at, line.level, line.message) == (AT, level, message)


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("INFO:     Uvicorn running", Severity.INFO),
        ("[ERROR] COMPILATION ERROR", Severity.ERROR),
        ("E0102 15:04:05.678901       1 reflector.go:138] no", Severity.ERROR),
        ("panic: index out of range", Severity.FATAL),
        ('Exception in thread "main" java.lang.Error: x', Severity.ERROR),
        ("just words about an error", None),
        ("", None),
    ],
)
def test_lines_without_a_time_have_a_level_only_where_they_say_one(text: str, level: Severity | None) -> None:
    assert (read(text).at, read(text).level) == (None, level)


def test_a_time_without_a_zone_is_in_the_zone_given() -> None:
    line = parsed(b"2026-01-01 13:00:00,123 INFO x", zone=timezone(timedelta(hours=1)))
    assert line.at == AT


def test_the_logger_in_trailing_brackets_is_taken() -> None:
    assert (
        read("[2026-01-01 12:00:00,123] INFO started (kafka.server.KafkaServer)").logger == "kafka.server.KafkaServer"
    )


def test_json_without_a_message_shows_itself() -> None:
    assert read('{"a": 1}').message == '{"a": 1}'


@given(st.binary(max_size=400) | st.text(max_size=200).map(str.encode))
def test_any_bytes_give_a_line(raw: bytes) -> None:
    line = parsed(raw, zone=UTC)
    assert isinstance(line.message, str)
    assert line.at is None or line.at.tzinfo is not None


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False) | st.text(),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["log", "level", "message", "time", "trace", "error", "service", "x"]), inner
            )
        ),
        max_leaves=8,
    )
)
def test_any_json_gives_a_line_that_says_itself_and_knows_its_zone(value: object) -> None:
    raw = b'{"log":' + orjson.dumps(value) + b',"time":' + orjson.dumps(value) + b"}"
    line = parsed(raw, zone=UTC)
    assert line.document == orjson.loads(raw)
    assert line.at is None or line.at.tzinfo is not None
    assert line.message == (value if isinstance(value, str) and value else raw.decode())
    assert line.level is None or (isinstance(value, dict) and "level" in value)


@pytest.mark.parametrize("piece", [b"a=", b"[", b"x.Error ", b'k="', b"{", b"2026-01-01 "])
def test_a_megabyte_without_a_break_is_kept_whole_and_read_in_linear_time(piece: bytes) -> None:
    def seconds(size: int) -> float:
        raw = piece * (size // len(piece))
        began = time.process_time()
        line = parsed(raw, zone=UTC)
        took = time.process_time() - began
        assert line.message == raw.decode().rstrip() or line.message == raw.decode()
        return took

    small = min(seconds(250_000) for _ in range(3))
    assert min(seconds(1_000_000) for _ in range(3)) < 4 * small * 3 + 0.05


@given(st.text())
def test_neutral_text_cannot_act_on_a_terminal(text: str) -> None:
    shown = neutral(f"\x1b[2J\x1b]0;title\x07{text}\u202e\x9b")
    assert not any(ord(letter) < 32 and letter != "\t" for letter in shown)
    assert not any(0x7F <= ord(letter) <= 0x9F or letter == "\u202e" for letter in shown)


def test_colours_are_taken_out_and_the_level_is_still_read() -> None:
    assert read("\x1b[31mERROR\x1b[0m broken").level is Severity.ERROR
    assert neutral("\x1b[31mred\x1b[0m") == "red"
