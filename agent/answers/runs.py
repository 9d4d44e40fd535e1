"""The runs a timeline tells of, each with its beginning, its failures and its end."""

from collections.abc import Iterable
from dataclasses import dataclass

from agent.domain import Event, Severity


@dataclass(frozen=True, slots=True)
class Run:
    """One run's events, in order."""

    run_id: str
    events: tuple[Event, ...]

    @property
    def verb(self) -> str:
        """What it did, such as `up`; `run` when its id does not tell."""
        return str(self.events[0].attrs.get("verb") or "run")

    @property
    def end(self) -> Event | None:
        """The event that ends it; `None` for a run that still goes on, or was killed."""
        return next((event for event in reversed(self.events) if event.kind == "run.finished"), None)

    @property
    def failures(self) -> tuple[Event, ...]:
        """Tasks that failed, and services that did; ignored failures are left out."""
        bad = (event for event in self.events if event.severity.at_least(Severity.ERROR))
        return tuple(event for event in bad if event.kind != "run.finished")

    @property
    def succeeded(self) -> bool:
        """Whether it is known to have ended well."""
        return self.end is not None and self.end.attrs.get("ok") is True


def runs_of(events: Iterable[Event]) -> tuple[Run, ...]:
    """Every run, in order of its first event."""
    grouped: dict[str, list[Event]] = {}
    for event in events:
        if event.run_id:
            grouped.setdefault(event.run_id, []).append(event)
    return tuple(Run(run_id, tuple(group)) for run_id, group in grouped.items())


def last_success(runs: Iterable[Run], verb: str = "up") -> Run | None:
    """The newest run of this verb that ended well."""
    return next((run for run in reversed(tuple(runs)) if run.verb == verb and run.succeeded), None)


def is_stopped(events: Iterable[Event]) -> bool:
    """Whether the stack was observed, and nothing of it runs."""
    observed = [event.kind for event in events if "health" in event.attrs]
    return bool(observed) and all(kind == "service.stopped" for kind in observed)
