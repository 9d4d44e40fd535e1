"""How the services of a stack are right now: what its runtime says, and what each answers at `/ready`."""

from collections.abc import Callable
from datetime import datetime

from agent.collectors.readiness import ask_ready
from agent.domain import Bound, Collected, Event, ServiceState, Window
from agent.errors import BlissfulError
from agent.normalize.state_event import readiness_event, silence_event, state_event
from agent.ports import StackObserver


class ServiceStates:
    """Observes once per collection, at the end of the window; `clock` gives the time of the observation."""

    name = "stack"

    def __init__(self, observer: StackObserver, clock: Callable[[], datetime]) -> None:
        self._observer = observer
        self._clock = clock

    def collect(self, window: Window, bound: Bound) -> Collected:
        """`service.*` and `readiness.*` events; nothing when the window ends in the past."""
        try:
            states = self._observer.observe()
        except (BlissfulError, OSError) as error:
            return Collected.unavailable(self.name, str(error))
        at = min(self._clock(), window.until)
        found: list[Event] = []
        for state in states:
            found.append(state_event(state, at=at, source=self.name))
            if state.url is not None and state.health not in ("stopped", "finished"):
                found.append(self._readiness(state, at))
        kept = tuple(found[: bound.records])
        return Collected.of(self.name, kept, detail=f"{len(states)} services", truncated=len(kept) < len(found))

    def _readiness(self, state: ServiceState, at: datetime) -> Event:
        url = f"{state.url}/ready"
        try:
            status, body = ask_ready(url)
        except OSError as error:
            return silence_event(state.name, str(error), at=at, source=self.name, url=url)
        return readiness_event(state.name, status, body, at=at, source=self.name, url=url)
