"""Log entries as text for people and as JSON for programs (schema: `logs.v1.json`)."""

from collections.abc import Iterable
from datetime import tzinfo
from typing import Any

import click
import orjson

from agent.domain import Severity
from agent.normalize.log_event import LogEntry
from agent.normalize.neutral import neutral

COLOURS = {
    Severity.TRACE: "bright_black",
    Severity.DEBUG: "bright_black",
    Severity.INFO: "green",
    Severity.WARN: "yellow",
    Severity.ERROR: "red",
    Severity.FATAL: "bright_red",
}
_SERVICE_COLOURS = ("cyan", "magenta", "blue", "bright_cyan", "bright_magenta", "bright_blue")


class LogText:
    """Writes entries as lines: time, service, level, message; the stack trace below, indented."""

    def __init__(self, services: Iterable[str], *, zone: tzinfo, colour: bool) -> None:
        names = list(services)
        self._zone = zone
        self._colour = colour
        width = max(map(len, names), default=0)
        self._names = {
            name: self._styled(name.ljust(width), fg=_SERVICE_COLOURS[index % len(_SERVICE_COLOURS)])
            for index, name in enumerate(names)
        }
        self._levels = {level: self._styled(level.upper().ljust(5), fg=COLOURS[level]) for level in Severity}

    def of(self, entry: LogEntry) -> str:
        """The text of one entry, without a newline at its end; harmless on a terminal."""
        line = entry.line
        at = f"{entry.at.astimezone(self._zone):%Y-%m-%d %H:%M:%S.%f}"[:23] if entry.at else " " * 23
        level = self._levels[line.level] if line.level else "-    "
        name = self._names.get(entry.service, entry.service)
        text = f"{self._styled(at, dim=True)}  {name}  {level}  {neutral(line.message)}"
        if line.stack:
            below = "\n".join(f"    {row}" for row in neutral(line.stack, keep_newlines=True).splitlines())
            text = f"{text}\n{self._styled(below, dim=True)}"
        return text

    def _styled(self, text: str, **style: Any) -> str:
        return click.style(text, **style) if self._colour else text


def json_of(entry: LogEntry) -> bytes:
    """One line of NDJSON. `fields` is the JSON object as the service logged it, null for plain text."""
    line = entry.line
    shape: dict[str, Any] = {
        "v": 1,
        "at": entry.at.isoformat() if entry.at else None,
        "service": entry.service,
        "level": line.level,
        "message": line.message,
        "trace_id": line.trace_id,
        "logger": line.logger,
        "stack": line.stack,
        "fields": line.document or None,
    }
    try:
        return orjson.dumps(shape)
    except TypeError:  # nested deeper than JSON writers go
        return orjson.dumps({**shape, "fields": None})
