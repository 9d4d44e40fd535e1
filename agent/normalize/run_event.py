"""One line of a run's record, in ansible-runner's raw shape, as an event.

Kept are the start and the end of a run, tasks that failed, and the progress lines of services; a task that went well
says nothing that the end does not say.

    {"v":1,"event":"runner_on_failed","created":"2026-01-01T12:00:00","event_data":{"task":"Wait","host":"local","res":{}}}
    {"v":1,"event":"service","created":"2026-01-01T12:00:00","service":"kafka","state":"ready","after_s":6.1}
"""

import re
from collections.abc import Mapping
from datetime import UTC
from typing import Any

import orjson

from agent.domain import Event, Severity
from agent.normalize.timestamps import moment_of

_RUN_ID = re.compile(r"\d{8}T\d{6}Z-(?P<verb>[a-z_-]+)-[0-9a-f]+")
_LONGEST = 4_000
_BAD_STATES = frozenset({"failed", "unhealthy"})


def run_event(line: bytes, *, source: str, run_id: str, place: str) -> Event | None:
    """The event, or `None` for a line that is torn, foreign, or says nothing of its own.

    Attrs: `verb`; of a task `task`, `action`, `role`, `stderr`; of an end `ok`; of a service `state`, `after_s`.
    """
    try:
        raw = orjson.loads(line)
    except orjson.JSONDecodeError:
        return None
    if not isinstance(raw, dict):
        return None
    at = moment_of(raw.get("created"), UTC)
    said = _said(raw)
    if at is None or said is None:
        return None
    kind, subject, severity, message, attrs = said
    return Event.recorded(
        at=at,
        source=source,
        kind=kind,
        subject=subject,
        severity=severity,
        message=message[:_LONGEST],
        place=place,
        attrs={"verb": verb_of(run_id), **attrs},
        run_id=run_id,
        content=line,
    )


def verb_of(run_id: str) -> str:
    """What the run did: `up` of `20260101T120000Z-up-3f2a`; empty when the id does not tell."""
    match = _RUN_ID.fullmatch(run_id)
    return match["verb"] if match else ""


_Said = tuple[str, str, Severity, str, Mapping[str, Any]]


def _said(raw: Mapping[str, Any]) -> _Said | None:
    data = raw.get("event_data")
    data = data if isinstance(data, dict) else {}
    match raw.get("event"):
        case "playbook_on_start":
            name = str(data.get("playbook") or "the playbook")
            return "run.started", name, Severity.INFO, f"{name} started", {}
        case "runner_on_failed" | "runner_item_on_failed":
            return _failed_task("task.failed", data)
        case "runner_on_unreachable":
            return _failed_task("task.unreachable", data)
        case "playbook_on_stats":
            return _ended(data)
        case "service":
            return _progress(raw)
    return None


def _failed_task(kind: str, data: Mapping[str, Any]) -> _Said:
    result = data.get("res")
    result = result if isinstance(result, dict) else {}
    message = result.get("msg") or result.get("stderr") or result.get("module_stderr") or "failed without a message"
    text = message if isinstance(message, str) else orjson.dumps(message, default=str).decode()
    severity = Severity.WARN if data.get("ignore_errors") else Severity.ERROR
    names = {"task": data.get("task"), "action": data.get("task_action"), "role": data.get("role")}
    attrs = {**names, "stderr": result.get("stderr")}
    return (
        kind,
        str(data.get("host") or "unknown"),
        severity,
        text,
        {name: str(value)[:_LONGEST] for name, value in attrs.items() if value},
    )


def _ended(data: Mapping[str, Any]) -> _Said:
    bad = {key: data[key] for key in ("failures", "dark") if isinstance(data.get(key), dict) and data[key]}
    ok = not bad
    hosts = ", ".join(sorted({host for hosts in bad.values() for host in hosts}))
    message = "the run ended well" if ok else f"the run failed on {hosts}"
    return "run.finished", "run", Severity.INFO if ok else Severity.ERROR, message, {"ok": ok}


def _progress(raw: Mapping[str, Any]) -> _Said | None:
    name = raw.get("service")
    if not isinstance(name, str) or not name:
        return None
    state = str(raw.get("state") or "unknown")
    detail = raw.get("detail") or raw.get("reason")
    message = f"{name} {state}" + (f": {detail}" if detail else "")
    kind = f"service.{re.sub('[^a-z]+', '-', state.lower()).strip('-') or 'unknown'}"
    severity = Severity.ERROR if state in _BAD_STATES else Severity.INFO
    return kind, name, severity, message, {"state": state, "after_s": raw.get("after_s")}
