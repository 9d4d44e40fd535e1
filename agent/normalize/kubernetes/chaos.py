"""Chaos Mesh experiments as lines: what is injected into what, and what was in a window."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from agent.domain.collected import Window
from agent.normalize.kubernetes.objects import name_of
from agent.normalize.timestamps import moment_of


def experiment_lines(experiment: Mapping[str, Any], window: Window) -> Iterator[tuple[datetime, str]]:
    """The applying and recovering of an experiment's fault within the window, each with its time.

    `2026-01-01T12:00:00Z NetworkChaos slow-db (delay) Apply Succeeded on shop/db-0`
    """
    spec, status = _mapping(experiment.get("spec")), _mapping(experiment.get("status"))
    action = spec.get("action") or ", ".join(sorted(_mapping(spec.get("stressors"))))
    title = f"{experiment.get('kind') or 'Chaos'} {name_of(experiment)}" + (f" ({action})" if action else "")
    for record in _list(_mapping(status.get("experiment")).get("containerRecords")):
        for event in _list(record.get("events")):
            at = moment_of(event.get("timestamp"), UTC)
            if at is not None and at in window:
                message = " ".join(str(event.get("message") or "").split())
                told = f"{event.get('operation') or ''} {event.get('type') or ''} on {record.get('id') or 'unknown'}"
                yield at, f"{_stamp(at)} {title} {' '.join(told.split())}" + (f": {message}" if message else "")
    made = moment_of(_mapping(experiment.get("metadata")).get("creationTimestamp"), UTC)
    if made is not None and made in window:
        yield made, f"{_stamp(made)} {title} created, {_conditions(status)}"


def _conditions(status: Mapping[str, Any]) -> str:
    """Such as `Selected=True, AllInjected=False`."""
    told = [f"{one.get('type')}={one.get('status')}" for one in _list(status.get("conditions"))]
    return ", ".join(told) or "nothing is known of it yet"


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
