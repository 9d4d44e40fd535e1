"""One raw log entry, of whatever shape, as a `LogLine`.

Read are JSON objects (Elastic Common Schema nested or dotted, and the other common names), logfmt, and plain text as
Postgres, Kafka, Valkey, Ansible, Spring, Python and Maven write it. What cannot be told is `None`, never a guess.

>>> from datetime import UTC
>>> parsed(b'{"@timestamp":"2026-01-01T12:00:00Z","log":{"level":"error"},"message":"no"}', zone=UTC).level
<Severity.ERROR: 'error'>
"""

from collections.abc import Mapping
from datetime import datetime, tzinfo
from typing import Any, NamedTuple

import orjson

from agent.domain import Severity
from agent.normalize.carriers import carried
from agent.normalize.levels import severity_of
from agent.normalize.logfmt import pairs_of
from agent.normalize.plain_text import plain_of
from agent.normalize.timestamps import moment_of

NOTHING: Mapping[str, Any] = {}


class LogLine(NamedTuple):
    """What one entry says. A tuple, because millions of them are made.

    `stack` holds the stack trace or the further lines, newline-separated; `document` the whole object of a JSON or
    logfmt line, empty for plain text.
    """

    at: datetime | None
    level: Severity | None
    message: str
    service: str | None = None
    trace_id: str | None = None
    logger: str | None = None
    stack: str | None = None
    document: Mapping[str, Any] = NOTHING


_TIME = ("@timestamp", "timestamp", "time", "ts", "datetime", "asctime", "date", "@t")
_LEVEL = ("level", "log.level", "severity", "lvl", "levelname", "loglevel", "log_level", "severity_text", "@l")
_MESSAGE = ("message", "msg", "event", "body", "text", "log", "@m", "@mt")
_TRACE = ("trace_id", "traceId", "trace.id", "traceID", "traceid", "otelTraceID", "dd.trace_id")
_SERVICE = ("service", "service.name", "service_name", "app", "application")
_LOGGER = ("logger", "log.logger", "logger_name", "name", "component", "target")
_STACK = ("stack_trace", "error.stack_trace", "stacktrace", "stack", "exception", "exc_info", "traceback")


def parsed(raw: bytes, *, zone: tzinfo) -> LogLine:
    """What the entry says; a time without a zone is taken to be in `zone`. Any bytes give a line."""
    document = document_of(raw)
    return of_text(raw, zone=zone) if document is None else of_document(document, raw, zone=zone)


def _of_carried(own: bytes, at: datetime | None, service: str | None, zone: tzinfo) -> LogLine:
    """The program's own line; what only its carrier knows is added."""
    document = document_of(own)
    line = _of_own_text(own, zone=zone) if document is None else of_document(document, own, zone=zone)
    return line._replace(at=line.at or at, service=line.service or service)


def document_of(raw: bytes) -> dict[str, Any] | None:
    """The JSON object that the entry is, or `None`."""
    if raw[:1] != b"{":
        return None
    try:
        document: dict[str, Any] = orjson.loads(raw)
    except orjson.JSONDecodeError:
        return None
    return document


def level_word_of(document: Mapping[str, Any]) -> str | None:
    """The word that decides the level of most JSON lines, as it stands; `None` where it takes a closer look."""
    log = document.get("log")
    word = log.get("level") if type(log) is dict else document.get("level")
    return word if type(word) is str else None


def message_of(document: Mapping[str, Any]) -> str | None:
    """What a JSON or logfmt line says in words, if it says so under one of the usual names."""
    return _first_text(document, _MESSAGE)


def of_text(raw: bytes, *, zone: tzinfo) -> LogLine:
    """What an entry says that is no JSON object: logfmt or plain text, or either behind what a carrier wrote."""
    own, at, service = carried(raw)
    return _of_own_text(raw, zone=zone) if own is raw else _of_carried(own, at, service, zone)


def _of_own_text(raw: bytes, *, zone: tzinfo) -> LogLine:
    text = raw.decode("utf-8", "replace").rstrip("\r\n")
    if (pairs := pairs_of(text)) is not None:
        return of_document(pairs, raw, zone=zone)
    plain = plain_of(text, zone)
    return LogLine(plain.at, plain.level, plain.message, logger=plain.logger, stack=plain.more)


def of_document(document: Mapping[str, Any], raw: bytes, *, zone: tzinfo) -> LogLine:
    """What a JSON object or a set of logfmt pairs says, under ECS names first, then under the other common ones.

    One that has no message says itself, whole.
    """
    log, trace, service = document.get("log"), document.get("trace"), document.get("service")
    level = severity_of(log.get("level")) if type(log) is dict else None
    return LogLine(
        _first_moment(document, zone),
        level or _first_severity(document),
        _first_text(document, _MESSAGE) or raw.decode("utf-8", "replace").strip(),
        _text_in(service, "name") or _first_text(document, _SERVICE),
        _text_in(trace, "id") or _first_text(document, _TRACE),
        _text_in(log, "logger") or _first_text(document, _LOGGER),
        _stack_of(document),
        document,
    )


def _first_moment(document: Mapping[str, Any], zone: tzinfo) -> datetime | None:
    for name in _TIME:
        if name in document and (at := moment_of(document[name], zone)):
            return at
    return None


def _first_severity(document: Mapping[str, Any]) -> Severity | None:
    for name in _LEVEL:
        if name in document and (severity := severity_of(document[name])):
            return severity
    return None


def _first_text(document: Mapping[str, Any], names: tuple[str, ...]) -> str | None:
    for name in names:
        if type(value := document.get(name)) is str:
            return value
    return None


def _text_in(value: object, name: str) -> str | None:
    text = value.get(name) if type(value) is dict else None
    return text if type(text) is str else None


def _stack_of(document: Mapping[str, Any]) -> str | None:
    for name in ("error", "err", "exception"):
        if type(nested := document.get(name)) is dict:
            return _first_text(nested, ("stack_trace", "stack", "stacktrace", "message"))
    return _first_text(document, _STACK) or _first_text(document, ("error.message", "error", "err"))
