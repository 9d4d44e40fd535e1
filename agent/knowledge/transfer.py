"""A knowledge base as lines of JSON, to hand on: a header, one record a line, and a last line that counts them.

    {"v":1,"kind":"knowledge"}
    {"kind":"incident","id":"3f2a...","fingerprint":"...","opened_at":"2026-01-01T12:00:00.000000+00:00",...}
    {"kind":"outcome","incident_id":"3f2a...","fix_id":"grow-pool","result":"resolved",...}
    {"kind":"feedback","project":"shop","suggestion_id":"0f3a9c21","rule":"compose-restart","verdict":"dismissed",...}
    {"kind":"end","incidents":1,"outcomes":1,"feedback":1}

The last line tells a whole file from a torn one. Reading is strict: what is imported becomes memory.
"""

from collections.abc import Iterable, Iterator
from dataclasses import fields
from datetime import datetime
from typing import Any, BinaryIO

import orjson

from agent.domain.fix import Outcome, Result
from agent.domain.incident import Incident, IncidentState
from agent.domain.remembered import Remembered
from agent.domain.suggestion import Feedback, Verdict
from agent.errors import InvalidKnowledgeError
from agent.knowledge.rows import text_of

VERSION = 1
LONGEST_LINE = 4 * 1024 * 1024
_END = {"incident": "incidents", "outcome": "outcomes", "feedback": "feedback"}
"""The kinds of records, and under which name the last line counts them; an older export has no feedback."""
HINT = "nothing was imported; export it again with `blissful-infra knowledge export`"


def lines_of(records: Iterable[Remembered]) -> Iterator[bytes]:
    """The lines, each with its line feed."""
    yield _line({"v": VERSION, "kind": "knowledge"})
    counts = dict.fromkeys(_END, 0)
    for record in records:
        kind = _kind_of(record)
        counts[kind] += 1
        yield _line({"kind": kind, **{field.name: _plain(getattr(record, field.name)) for field in fields(record)}})
    yield _line({"kind": "end", **{_END[kind]: count for kind, count in counts.items()}})


def records_in(file: BinaryIO) -> Iterator[Remembered]:
    """The records of a file. Raises `InvalidKnowledgeError`, naming the line, where it is not a whole export."""
    counts = dict.fromkeys(_END, 0)
    ended = False
    number = 0
    while line := file.readline(LONGEST_LINE + 1):
        number += 1
        data = _data(line, number)
        if number == 1:
            _check_header(data)
        elif ended:
            raise _wrong(number, "something follows the end")
        elif data.get("kind") == "end":
            told = {kind: data.get(name, 0) for kind, name in _END.items()}
            if told != counts:
                raise _wrong(number, f"the end counts {told}, but there are {counts}")
            ended = True
        else:
            record = _record(data, number)
            counts[_kind_of(record)] += 1
            yield record
    if not ended:
        raise _wrong(number, "it ends in the middle" if number else "it is empty")


def _data(line: bytes, number: int) -> dict[str, Any]:
    if len(line) > LONGEST_LINE:
        raise _wrong(number, f"it is longer than {LONGEST_LINE} bytes")
    if not line.endswith(b"\n"):
        raise _wrong(number, "it is torn")
    try:
        data = orjson.loads(line)
    except ValueError:
        raise _wrong(number, "it is no JSON") from None
    if not isinstance(data, dict):
        raise _wrong(number, "it is no JSON object")
    return data


def _check_header(data: dict[str, Any]) -> None:
    if data.get("kind") != "knowledge":
        raise _wrong(1, "it is not the beginning of an export")
    if data.get("v") != VERSION:
        raise _wrong(1, f"it has version {data.get('v')!r}, this program reads {VERSION}")


def _kind_of(record: Remembered) -> str:
    return type(record).__name__.lower()


def _record(data: dict[str, Any], number: int) -> Remembered:
    kind = data.get("kind")
    if kind not in _END:
        raise _wrong(number, f"{str(kind)[:40]!r} is no kind of record")
    try:
        return _incident(data) if kind == "incident" else _outcome(data) if kind == "outcome" else _feedback(data)
    except KeyError as error:
        raise _wrong(number, f"{error.args[0]!r} is missing") from None
    except (TypeError, ValueError) as error:
        raise _wrong(number, str(error)[:200]) from None


def _incident(data: dict[str, Any]) -> Incident:
    texts = ("fingerprint", "pattern", "category", "subject", "title", "cause", "signature", "resolution", "report")
    times_seen, confidence, merged_into = data["times_seen"], data["confidence"], data["merged_into"]
    if isinstance(times_seen, bool) or not isinstance(times_seen, int) or not 1 <= times_seen < 2**53:
        raise ValueError(f"times_seen: {times_seen!r} is no count")
    if isinstance(confidence, bool) or not isinstance(confidence, int | float) or not 0 <= confidence <= 1:
        raise ValueError(f"confidence: {confidence!r} does not lie between 0 and 1")
    return Incident(
        id=_id(data, "id"),
        **{name: _text(data, name) for name in texts},
        confidence=float(confidence),
        opened_at=_time(data, "opened_at"),
        last_seen_at=_time(data, "last_seen_at"),
        times_seen=times_seen,
        state=IncidentState(data["state"]),
        closed_at=None if data["closed_at"] is None else _time(data, "closed_at"),
        merged_into=None if merged_into is None else _id(data, "merged_into"),
    )


def _outcome(data: dict[str, Any]) -> Outcome:
    return Outcome(
        incident_id=_id(data, "incident_id"),
        pattern=_text(data, "pattern"),
        fix_id=_text(data, "fix_id"),
        result=Result(data["result"]),
        at=_time(data, "at"),
        note=_text(data, "note"),
    )


def _feedback(data: dict[str, Any]) -> Feedback:
    return Feedback(
        **{name: _text(data, name) for name in ("project", "suggestion_id", "rule", "reason")},
        verdict=Verdict(data["verdict"]),
        at=_time(data, "at"),
    )


def _id(data: dict[str, Any], name: str) -> str:
    text = _text(data, name)
    if not text or len(text) > 64 or set(text) - set("0123456789abcdef"):
        raise ValueError(f"{name}: {text[:40]!r} is no id")
    return text


def _text(data: dict[str, Any], name: str) -> str:
    if not isinstance(data[name], str):
        raise TypeError(f"{name}: {data[name]!r} is no text")
    return str(data[name])


def _time(data: dict[str, Any], name: str) -> datetime:
    try:
        at = datetime.fromisoformat(_text(data, name))
        text_of(at)
    except (ValueError, OverflowError):
        raise ValueError(f"{name}: {data[name]!r} is no time") from None
    if at.tzinfo is None:
        raise ValueError(f"{name}: {data[name]!r} has no zone")
    return at


def _plain(value: object) -> object:
    return text_of(value) if isinstance(value, datetime) else value


def _line(data: dict[str, Any]) -> bytes:
    return orjson.dumps(data, option=orjson.OPT_APPEND_NEWLINE)


def _wrong(number: int, why: str) -> InvalidKnowledgeError:
    return InvalidKnowledgeError(f"line {number} of the import: {why}", hint=HINT)
