"""metrics/<subject>.csv and traces/spans.jsonl."""

import csv
import io
import math
from collections.abc import Iterable
from typing import Any

import orjson

from agent.collectors.bundle.files import BundleFiles, Limits, lines_of, text_of
from agent.domain.telemetry import Series, Span

LATEST = 7_258_118_400
"""2200 in unix seconds."""


def series_in(files: BundleFiles, gaps: list[str], limits: Limits) -> tuple[Series, ...]:
    """Every column of every metrics file; rows that are no numbers are left out and counted in `gaps`."""
    found: list[Series] = []
    for file in files.below("metrics", gaps, limits):
        if file.ending == "csv":
            found += _columns(file.subject, file.path, text_of(file, gaps, limits), gaps, limits)
    return tuple(found)


def spans_in(files: BundleFiles, gaps: list[str], limits: Limits) -> tuple[Span, ...]:
    """Every well-formed span, in the order written; the others are counted in `gaps`."""
    spans: list[Span] = []
    for file in files.below("traces", gaps, limits):
        torn = 0
        for line in lines_of(file, gaps, limits):
            span = _span(line)
            if span is None:
                torn += bool(line.strip())
            else:
                spans.append(span)
        if torn:
            gaps.append(f"{file.path}: {torn} lines are no spans")
    return tuple(spans)


def _columns(subject: str, path: str, text: str, gaps: list[str], limits: Limits) -> Iterable[Series]:
    reader = csv.reader(io.StringIO(text))
    try:
        head = next(reader, [])
        rows = [row for row in reader if row]
    except csv.Error as error:
        gaps.append(f"{path} is no CSV: {error}")
        return
    if not head or head[0].strip().lower() not in {"time", "timestamp"}:
        gaps.append(f"{path} has no column `time`")
        return
    if len(head) > limits.columns + 1:
        gaps.append(f"{path} has more than {limits.columns} metrics; the rest was not read")
        head = head[: limits.columns + 1]
    times = [_time(row[0]) for row in rows]
    if bad := sum(at is None for at in times):
        gaps.append(f"{path}: {bad} rows have no time")
    for column, metric in enumerate(head[1:], start=1):
        points = sorted(
            (at, value)
            for at, row in zip(times, rows, strict=True)
            if at is not None and column < len(row) and (value := _number(row[column])) is not None
        )
        if points:
            yield Series(subject, metric, tuple(at for at, _ in points), tuple(value for _, value in points), path)


def _time(text: str) -> float | None:
    """Unix seconds; nothing before 1970 and after 2200, which no clock shows that is of use."""
    at = _number(text)
    return at if at is not None and 0 <= at <= LATEST else None


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _span(line: str) -> Span | None:
    try:
        data: Any = orjson.loads(line)
        if not isinstance(data, dict):
            return None
        attributes = data.get("attributes")
        known = attributes.items() if isinstance(attributes, dict) else ()
        parent = data.get("parent_id")
        start, duration = float(data["start"]), float(data["duration_ms"])
        if not (0 <= start <= LATEST and math.isfinite(duration)):
            return None
        return Span(
            trace_id=str(data["trace_id"]),
            span_id=str(data["span_id"]),
            parent_id=None if parent is None else str(parent),
            service=str(data["service"]),
            operation=str(data.get("operation") or ""),
            start=start,
            duration_ms=duration,
            status=str(data.get("status") or ""),
            attributes={str(key): str(value) for key, value in known},
        )
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError):
        return None
