"""What a failed service said last, as `up` shows it."""

import json

from blissful_infra.cli.log_tail_text import FIRST, LAST, lines_of_tail


def test_a_json_line_is_told_in_its_words_and_plain_text_stays() -> None:
    line = {"log": {"level": "error"}, "message": "no disk", "service": {"name": "shop"}}
    assert list(lines_of_tail([json.dumps(line), "SyntaxError: invalid syntax"])) == [
        "ERROR no disk",
        "SyntaxError: invalid syntax",
    ]


def test_of_a_stack_trace_inside_a_line_both_ends_are_shown() -> None:
    trace = "\n".join(["java.net.BindException: in use", *(f"\tat a.B.c(B.java:{n})" for n in range(40))])
    document = {"log": {"level": "error"}, "message": "cannot start", "error": {"stack_trace": trace}}
    told = list(lines_of_tail([json.dumps(document)]))
    assert told[:2] == ["ERROR cannot start", "    java.net.BindException: in use"]
    assert told[1 + FIRST] == f"    ... {41 - FIRST - LAST} more lines ..."
    assert (len(told), told[-1]) == (2 + FIRST + LAST, "        at a.B.c(B.java:39)")


def test_a_line_that_only_looks_like_json_stays() -> None:
    assert list(lines_of_tail(['{"message": '])) == ['{"message": ']
