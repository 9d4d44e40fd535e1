"""A log entry of one service, and the event it becomes."""

from datetime import datetime
from typing import Any, NamedTuple

from agent.domain import Event, Severity
from agent.normalize.log_line import LogLine

LONGEST_MESSAGE = 8_192
"""Characters of a message or stack trace that an event keeps."""


class LogEntry(NamedTuple):
    """One entry of one service. `at` is its own time, or that of the entry before it where it has none."""

    service: str
    at: datetime | None
    line: LogLine
    offset: int = 0


def log_event(entry: LogEntry, *, at: datetime, source: str, file: str, identity: str) -> Event:
    """The `log.line` event; attrs `trace_id`, `logger`, `stack`, `fields` (the JSON object) where there are such."""
    line = entry.line
    attrs: dict[str, Any] = {"trace_id": line.trace_id, "logger": line.logger, "fields": dict(line.document)}
    attrs["stack"] = line.stack[:LONGEST_MESSAGE] if line.stack else None
    return Event.recorded(
        at=at,
        source=source,
        kind="log.line",
        subject=entry.service,
        severity=line.level or Severity.INFO,
        message=line.message[:LONGEST_MESSAGE],
        place=f"{file}:{entry.offset}",
        identity=f"{identity}:{entry.offset}",
        attrs={name: value for name, value in attrs.items() if value},
    )
