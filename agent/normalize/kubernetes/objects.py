"""What is read from Kubernetes objects as JSON: which pods are not well, and which events lie in a window."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from agent.domain.collected import Window
from agent.normalize.timestamps import moment_of


class Container(NamedTuple):
    """One container of a pod; `subject` names its log: the pod, and for another than the first the container too."""

    pod: str
    name: str
    subject: str
    restarts: int
    started: bool


def containers_of(pod: Mapping[str, Any]) -> Iterator[Container]:
    """The containers of a pod, those that prepare it too; the pod's first one comes first."""
    name = name_of(pod)
    status, spec = _mapping(pod.get("status")), _mapping(pod.get("spec"))
    states = {
        one.get("name"): one
        for kind in ("containerStatuses", "initContainerStatuses")
        for one in _list(status.get(kind))
    }
    for number, one in enumerate([*_list(spec.get("containers")), *_list(spec.get("initContainers"))]):
        container = str(one.get("name"))
        seen = states.get(container, {})
        restarts = seen.get("restartCount")
        waiting = "waiting" in _mapping(seen.get("state"))
        count = restarts if isinstance(restarts, int) else 0
        yield Container(
            name, container, name if number == 0 else f"{name}/{container}", count, not waiting or count > 0
        )


def is_well(pod: Mapping[str, Any]) -> bool:
    """Whether a pod runs with all containers ready and none restarted, or has done its work."""
    status = _mapping(pod.get("status"))
    if status.get("phase") == "Succeeded":
        return True
    states = _list(status.get("containerStatuses"))
    ready = bool(states) and all(one.get("ready") is True and not one.get("restartCount") for one in states)
    return status.get("phase") == "Running" and ready


def name_of(item: Mapping[str, Any]) -> str:
    """The object's name."""
    return str(_mapping(item.get("metadata")).get("name") or "")


def events_table(events: Sequence[Mapping[str, Any]], window: Window) -> list[str]:
    """The events in the window, oldest first, in kubectl's columns but with the time itself and the count.

    `2026-01-01T12:00:00Z  Warning  BackOff  pod/web-1  (x3)  Back-off restarting failed container`
    """
    rows: list[tuple[datetime, str]] = []
    for event in events:
        at = _last_seen(event)
        if at is None or at not in window:
            continue
        about = _mapping(event.get("involvedObject"))
        count = event.get("count") or _mapping(event.get("series")).get("count") or 1
        message = " ".join(str(event.get("message") or "").split())
        subject = f"{str(about.get('kind') or '').lower()}/{about.get('name') or ''}"
        stamp = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        kind, reason = event.get("type") or "Normal", event.get("reason") or ""
        rows.append((at, f"{stamp}   {kind}   {reason}   {subject}   (x{count})   {message}"))
    return [row for _, row in sorted(rows)]


def _last_seen(event: Mapping[str, Any]) -> datetime | None:
    series = _mapping(event.get("series"))
    stamps = (series.get("lastObservedTime"), event.get("lastTimestamp"), event.get("eventTime"))
    created = _mapping(event.get("metadata")).get("creationTimestamp")
    return next((at for stamp in (*stamps, created) if stamp and (at := moment_of(stamp, UTC)) is not None), None)


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
