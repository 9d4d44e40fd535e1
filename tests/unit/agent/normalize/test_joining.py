"""Stack traces stay with their line; everything else stays apart."""

import pytest

from agent.normalize.joining import MOST_LINES, joined

CASES = {
    "java": [
        "2026-01-01 12:00:00 ERROR x",
        "java.lang.IllegalStateException: no",
        "\tat a.B.c(D.java:3)",
        "Caused by: java.io.IOException: x",
        "\t... 3 more",
    ],
    "python": [
        "ERROR:    Exception in ASGI application",
        "Traceback (most recent call last):",
        '  File "x.py", line 1',
        "KeyError: 1",
        "",
        "During handling of the above exception, another exception occurred:",
        "",
        "Traceback (most recent call last):",
        '  File "x.py", line 2',
        "    1/0",
        "ZeroDivisionError: division by zero",
    ],
    "python alone": [
        "Traceback (most recent call last):",
        '  File "x.py", line 1',
        "    1/0",
        "ZeroDivisionError: division",
    ],
    "go": ["panic: index out of range", "", "goroutine 1 [running]:", "main.main()", "\t/x/y.go:3", "exit status 2"],
    "node": [
        "TypeError: x is not a function",
        "    at Object.<anonymous> (/a.js:1:1)",
        "    at node:internal/main:1:1",
    ],
    "postgres": [
        "2026-01-01 12:00:00.123 UTC [71] ERROR:  no",
        "2026-01-01 12:00:00.123 UTC [71] STATEMENT:  select 1",
        "\tfrom t",
    ],
    "pretty json": ["{", '  "level": "error"', "}"],
}


def entries(lines: list[str]) -> list[bytes]:
    return [raw for _, raw in joined(enumerate(line.encode() for line in lines))]


@pytest.mark.parametrize("name", [name for name in CASES if name != "go"])
def test_a_trace_is_one_entry_between_others(name: str) -> None:
    found = entries(["before", *CASES[name], "after"])
    assert [found[0], found[-1]] == [b"before", b"after"]
    assert found[1:-1] == ["\n".join(line for line in CASES[name] if line).encode()]


def test_a_go_panic_is_one_entry() -> None:
    assert entries(CASES["go"])[0].endswith(b"y.go:3")


def test_each_json_line_is_an_entry_and_takes_nothing() -> None:
    assert entries(['{"a":1}', '{"b":2}', "\tat stray", "x"]) == [b'{"a":1}', b'{"b":2}', b"\tat stray", b"x"]


def test_offsets_are_those_of_the_first_lines() -> None:
    lines = [(0, b"a"), (2, b"\tb"), (5, b"c")]
    assert list(joined(lines)) == [(0, b"a\n\tb"), (5, b"c")]


def test_an_endless_trace_is_cut() -> None:
    found = entries(["Error: x", *["\tat y"] * 10_000, "after"])
    assert found[0].count(b"\n") == MOST_LINES - 1
    assert found[1:] == [b"after"]
