"""Small builders of the agent's values."""

from datetime import UTC, datetime, timedelta
from typing import Any

from agent.domain import Event, Severity

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
RUN = "20260101T110000Z-up-0a1b"


def an_event(**given: Any) -> Event:
    """A log line of `app` at noon, with whatever is given instead; `minute` shifts its time."""
    at = NOON + timedelta(minutes=given.pop("minute", 0))
    facts: dict[str, Any] = {
        "at": at, "source": "process-logs", "kind": "log.line", "subject": "app", "severity": Severity.INFO,
        "message": "started", "place": f"app.log:{given.pop('offset', int(at.timestamp()))}",
    }  # fmt: skip
    return Event.recorded(**{**facts, **given})


def an_end(*, ok: bool, minute: int = 0, run_id: str = RUN) -> Event:
    """The end of a run."""
    severity = Severity.INFO if ok else Severity.ERROR
    message = "the run ended well" if ok else "the run failed on local"
    attrs = {"ok": ok, "verb": "up"}
    return an_event(
        kind="run.finished", source="run-events", subject="run", severity=severity, message=message, attrs=attrs,
        run_id=run_id, minute=minute, place=f"{run_id}:{minute}",
    )  # fmt: skip


def a_state(name: str, health: str, detail: str = "", needs: tuple[str, ...] = ()) -> Event:
    """What the stack says of a service."""
    message = f"{name} is {health}" + (f": {detail}" if detail else "")
    bad = Severity.INFO if health == "healthy" else Severity.ERROR
    attrs = {"health": health, "detail": detail, "needs": needs}
    return an_event(
        kind=f"service.{health}", source="stack", subject=name, severity=bad, message=message, attrs=attrs,
        place=f"status of {name}", minute=60,
    )  # fmt: skip
