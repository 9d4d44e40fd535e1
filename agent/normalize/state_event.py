"""What a stack says of its services, and what a service says of its readiness, as events."""

from datetime import datetime
from typing import Any

import orjson

from agent.domain import Event, Health, ServiceState, Severity

_SEVERITIES = {Health.UNHEALTHY: Severity.ERROR, Health.STOPPED: Severity.ERROR, Health.UNKNOWN: Severity.WARN}
_LONGEST = 4_000


def state_event(state: ServiceState, *, at: datetime, source: str) -> Event:
    """The `service.<health>` event. Attrs: `health`, `detail`, `needs` (a tuple of names)."""
    message = f"{state.name} is {state.health}" + (f": {state.detail}" if state.detail else "")
    return Event.recorded(
        at=at,
        source=source,
        kind=f"service.{state.health}",
        subject=state.name,
        severity=_SEVERITIES.get(state.health, Severity.INFO),
        message=message[:_LONGEST],
        place=f"status of {state.name}",
        attrs={"health": str(state.health), "detail": state.detail, "needs": state.needs},
    )


def readiness_event(service: str, status: int, body: bytes, *, at: datetime, source: str, url: str) -> Event:
    """The `readiness.up` or `readiness.down` event of an answer of `/ready`.

    Attrs: `status`; `failing`, a tuple of `(dependency, reason)` for each check that is not `UP`.
    """
    text = body.decode("utf-8", "replace")
    return Event.recorded(
        at=at,
        source=source,
        kind="readiness.up" if status == 200 else "readiness.down",
        subject=service,
        severity=Severity.INFO if status == 200 else Severity.ERROR,
        message=text[:_LONGEST] or f"HTTP {status} without a body",
        place=f"GET {url} {status}",
        identity=url,
        attrs={"status": status, "failing": failing_in(body)},
    )


def silence_event(service: str, reason: str, *, at: datetime, source: str, url: str) -> Event:
    """The `readiness.silent` event: `/ready` could not be asked, which is an observation too."""
    return Event.recorded(
        at=at,
        source=source,
        kind="readiness.silent",
        subject=service,
        severity=Severity.ERROR,
        message=f"{url} does not answer: {reason}"[:_LONGEST],
        place=f"GET {url}",
    )


def failing_in(body: bytes) -> tuple[tuple[str, str], ...]:
    """The dependencies that a readiness body names as failing, each with its reason, if it gives one.

    >>> failing_in(b'{"status":"DOWN","checks":{"postgres":"DOWN"},"reasons":{"postgres":"refused"}}')
    (('postgres', 'refused'),)
    """
    try:
        document: Any = orjson.loads(body)
    except orjson.JSONDecodeError:
        return ()
    checks = document.get("checks") if isinstance(document, dict) else None
    if not isinstance(checks, dict):
        return ()
    reasons = document.get("reasons")
    reasons = reasons if isinstance(reasons, dict) else {}
    return tuple((name, str(reasons.get(name) or "")) for name, said in checks.items() if said != "UP")
