"""A hundred thousand equal events are one event, with a count and an end."""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import datetime

from agent.domain import Event


@dataclass(frozen=True, slots=True)
class Repeat:
    """The first of a number of like events, how many there were, and when the last of them was."""

    first: Event
    times: int
    until: datetime

    def __post_init__(self) -> None:
        if self.times < 1 or self.until < self.first.at:
            raise ValueError("a repeat counts from its first event on")


def same_message(event: Event) -> Hashable:
    """The plainest likeness: kind, subject, severity and message are equal."""
    return (event.kind, event.subject, event.severity, event.message)


def collapse(events: Iterable[Event], like: Callable[[Event], Hashable] = same_message) -> tuple[Repeat, ...]:
    """Like events as one each, in order of their first; `like` gives the key under which events are the same."""
    groups: dict[Hashable, list[Event]] = {}
    for event in events:
        groups.setdefault(like(event), []).append(event)
    return tuple(Repeat(group[0], len(group), max(event.at for event in group)) for group in groups.values())
