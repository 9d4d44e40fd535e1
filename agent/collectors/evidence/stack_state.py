"""How the services of a stack are right now, written down: one line a service, and what each began to run when."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import orjson

from agent.collectors.readiness import ask_ready
from agent.domain import Bound, Health, ServiceState, Window
from agent.domain.gathered import Gathered
from agent.domain.investigation import Document
from agent.errors import BlissfulError
from agent.normalize.state_event import failing_in
from agent.ports import StackObserver

NOTE, DEPLOYS = "notes/stack.yaml", "notes/deploys.yaml"
_LONGEST = 2_000
_NOW = timedelta(minutes=2)


class StackState:
    """`notes/stack.yaml`, and `notes/deploys.yaml` for the services whose commit is known.

    The stack is only ever seen as it is now: for a window that ended before, it is not looked at.
    """

    name = "stack"

    def __init__(self, observer: StackObserver, clock: Callable[[], datetime]) -> None:
        self._observer = observer
        self._clock = clock

    def gather(self, window: Window, bound: Bound) -> Gathered:
        """Every service, asked once; the first of them where the bound cuts."""
        if self._clock() - window.until > _NOW:
            return Gathered.of(
                self.name, (), detail="the window ended in the past; the stack is only seen as it is now"
            )
        try:
            states = self._observer.observe()
        except (BlissfulError, OSError) as error:
            return Gathered.unavailable(self.name, str(error))
        lines: list[str] = []
        deploys: list[str] = []
        left = bound.octets
        for state in states[: bound.records]:
            line = _line(_asked(state))
            left -= len(line) + 1
            if left < 0:
                break
            lines.append(line)
            if state.revision and state.since is not None:
                deploys.append(_deploy(state, state.since))
        documents = [Document(NOTE, "\n".join(lines) + "\n")] if lines else []
        if deploys:
            documents.append(Document(DEPLOYS, "\n".join(deploys) + "\n"))
        detail = f"{len(lines)} services, {_counted(states)}" if states else "the stack has no services"
        return Gathered.of(self.name, tuple(documents), detail=detail, truncated=len(lines) < len(states))


def _asked(state: ServiceState) -> ServiceState:
    """The state with the dependencies that the service itself says it misses."""
    if state.url is None or state.health in (Health.STOPPED, Health.FINISHED):
        return state
    try:
        status, body = ask_ready(f"{state.url}/ready")
    except OSError as error:
        return replace(state, detail="; ".join(part for part in (state.detail, f"/ready: {error}") if part))
    if status == 200:
        return state
    detail = "; ".join(part for part in (state.detail, f"/ready answers {status}") if part)
    return replace(state, detail=detail, failing=failing_in(body))


def _line(state: ServiceState) -> str:
    """One YAML list entry, which is JSON too, so that a quote of it stands in one line."""
    shape = {
        "name": state.name,
        "health": state.health.value,
        "detail": state.detail[:_LONGEST],
        "failing": {name: why[:_LONGEST] for name, why in state.failing},
        "needs": list(state.needs),
        "since": state.since.astimezone(UTC).isoformat(timespec="seconds") if state.since else None,
        "restarts": state.restarts,
        "version": state.version,
        "revision": state.revision,
        "title": state.title,
    }
    return "- " + orjson.dumps({key: value for key, value in shape.items() if value}).decode()


def _deploy(state: ServiceState, since: datetime) -> str:
    shape = {
        "timestamp": since.astimezone(UTC).isoformat(timespec="seconds"),
        "service": state.name,
        "commit_sha": state.revision,
        "version": state.version,
    }
    return "- " + orjson.dumps(shape).decode()


def _counted(states: Sequence[ServiceState]) -> str:
    well = sum(state.health in (Health.HEALTHY, Health.FINISHED) for state in states)
    return "all healthy" if well == len(states) else f"{len(states) - well} not healthy"
