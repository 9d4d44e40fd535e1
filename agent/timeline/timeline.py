"""All events of an investigation in order of time, each once, and the ways to look at them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from agent.domain import Collected, CollectedStatus, Event, Severity, Window


@dataclass(frozen=True, slots=True)
class Timeline:
    """Events by time; among equal times by source, then as the source had them: equal input, equal order.

    `unseen` names the sources that could not be reached: what only they know is not in here.
    """

    events: tuple[Event, ...] = ()
    unseen: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[Event]:
        return iter(self.events)

    def __len__(self) -> int:
        return len(self.events)

    def of_kind(self, *prefixes: str) -> "Timeline":
        """Events whose kind is one of `prefixes` or lies below one: `task` takes `task.failed`."""
        return Timeline(tuple(event for event in self.events if _below(event.kind, prefixes)))

    def about(self, subject: str) -> "Timeline":
        """Events that happened to this subject."""
        return Timeline(tuple(event for event in self.events if event.subject == subject))

    def at_least(self, severity: Severity) -> "Timeline":
        """Events as bad as `severity`, or worse."""
        return Timeline(tuple(event for event in self.events if event.severity.at_least(severity)))

    def within(self, window: Window) -> "Timeline":
        """Events inside the window."""
        return Timeline(tuple(event for event in self.events if event.at in window))

    def last(self, count: int) -> "Timeline":
        """The newest `count` events."""
        return Timeline(self.events[-count:] if count > 0 else ())

    def ids(self) -> frozenset[str]:
        """The ids of all events: what may be cited."""
        return frozenset(event.id for event in self.events)


def timeline_of(collected: Iterable[Collected]) -> Timeline:
    """One timeline over everything that was collected; an event that two collectors saw under one id stands once."""
    parts = tuple(collected)
    by_id = {event.id: event for one in parts for event in one.records}
    unseen = tuple(one.source for one in parts if one.status is CollectedStatus.UNAVAILABLE)
    return Timeline(tuple(sorted(by_id.values(), key=lambda event: (event.at, event.source))), unseen)


def _below(kind: str, prefixes: tuple[str, ...]) -> bool:
    return any(kind == prefix or kind.startswith(f"{prefix}.") for prefix in prefixes)
