"""One JSON object a line on stdout, in the Elastic Common Schema, whoever logs."""

import json
import logging
import sys
import threading
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

from opentelemetry import trace

from app.identity import Identity

LEVELS = {"WARNING": "warn", "CRITICAL": "fatal"}


class EcsFormatter(logging.Formatter):
    """Fields of a record's `ecs` attribute (`extra={"ecs": {...}}`) are merged in."""

    def __init__(self, identity: Identity) -> None:
        super().__init__()
        self._service = {"name": identity.service_name, "version": identity.service_version}

    def format(self, record: logging.LogRecord) -> str:
        """The record on one line: line breaks and everything beyond ASCII are escaped."""
        line: dict[str, Any] = {
            "@timestamp": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")[:-6] + "Z",
            "log": {"level": LEVELS.get(record.levelname, record.levelname.lower()), "logger": record.name},
            "message": record.getMessage(),
            "service": self._service,
            **getattr(record, "ecs", {}),
        }
        span = trace.get_current_span().get_span_context()
        if span.is_valid:
            line["trace"] = {"id": trace.format_trace_id(span.trace_id)}
            line["span"] = {"id": trace.format_span_id(span.span_id)}
        if record.exc_info and record.exc_info[0]:
            line["error"] = {
                "type": record.exc_info[0].__qualname__,
                "message": str(record.exc_info[1]),
                "stack_trace": self.formatException(record.exc_info),
            }
        return json.dumps(line, default=str, separators=(",", ":"))


def configure(identity: Identity) -> None:
    """Send everything that Python would write to stdout or stderr through one handler, from level info up."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(EcsFormatter(identity))
    logging.basicConfig(handlers=[handler], level=logging.INFO, force=True)
    logging.raiseExceptions = False  # a log call that fails must not print
    logging.captureWarnings(True)
    sys.excepthook = _log_uncaught
    threading.excepthook = lambda args: _log_uncaught(args.exc_type, args.exc_value, args.exc_traceback)
    sys.unraisablehook = lambda args: _log_uncaught(args.exc_type, args.exc_value, args.exc_traceback)


def _log_uncaught(kind: type[BaseException], error: BaseException | None, stack: TracebackType | None) -> None:
    logging.getLogger("app").critical("uncaught error", exc_info=(kind, error or kind(), stack))
