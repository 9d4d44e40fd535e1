"""An Argo CD Application as lines that tell its state, and as the deploys of its history."""

from collections.abc import Iterator, Mapping
from datetime import UTC
from typing import Any

import orjson

from agent.domain.collected import Window
from agent.normalize.timestamps import moment_of

_WELL = frozenset({"Healthy", "Synced", "Suspended"})


def destination_of(application: Mapping[str, Any]) -> str:
    """The namespace that it deploys to."""
    return str(_mapping(_mapping(application.get("spec")).get("destination")).get("namespace") or "")


def state_lines(name: str, application: Mapping[str, Any]) -> Iterator[str]:
    """Sync and health, the last operation, conditions, and the resources that are not well: one line each."""
    status = _mapping(application.get("status"))
    sync, health = _mapping(status.get("sync")), _mapping(status.get("health"))
    yield (
        f"application {name}: sync {sync.get('status') or 'Unknown'} at revision {sync.get('revision') or 'unknown'}, "
        f"health {health.get('status') or 'Unknown'}{_said(health)}"
    )
    operation = _mapping(status.get("operationState"))
    if operation:
        ended = operation.get("finishedAt") or operation.get("startedAt") or ""
        yield f"{ended} operation {operation.get('phase') or 'Unknown'}{_said(operation)}"
    for condition in _list(status.get("conditions")):
        yield f"{condition.get('lastTransitionTime') or ''} condition {condition.get('type')}{_said(condition)}"
    for resource in _list(status.get("resources")):
        states = (resource.get("status"), _mapping(resource.get("health")).get("status"))
        bad = [str(state) for state in states if state and state not in _WELL]
        if bad:
            said = _said(_mapping(resource.get("health")))
            yield f"resource {resource.get('kind')}/{resource.get('name')} is {', '.join(bad)}{said}"


def deploys_of(name: str, application: Mapping[str, Any], window: Window) -> Iterator[str]:
    """The entries of notes/deploys.yaml, from the history of syncs within the window."""
    for entry in _list(_mapping(application.get("status")).get("history")):
        at = moment_of(entry.get("deployedAt"), UTC)
        revision = entry.get("revision") or next(iter(_strings(entry.get("revisions"))), "")
        if at is not None and at in window and revision:
            shape = {"timestamp": at.astimezone(UTC).isoformat(), "service": name, "commit_sha": revision}
            yield f"- {orjson.dumps(shape).decode()}"


def _said(value: Mapping[str, Any]) -> str:
    message = " ".join(str(value.get("message") or "").split())
    return f": {message}" if message else ""


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _strings(value: object) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []
