"""Several streams of timed things as one, in order of time, holding one item of each stream at a time."""

import heapq
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from operator import itemgetter
from typing import TypeVar

T = TypeVar("T")
_BEGINNING = datetime.min.replace(tzinfo=UTC)


def merged(streams: Iterable[Iterable[T]], time_of: Callable[[T], datetime | None]) -> Iterator[T]:
    """All items by time. A stream's own order always stays; an item without a time goes with the one before it."""
    keyed = [_keyed(stream, time_of) for stream in streams]
    ordered = keyed[0] if len(keyed) == 1 else heapq.merge(*keyed, key=itemgetter(0))
    for _, item in ordered:
        yield item


def _keyed(stream: Iterable[T], time_of: Callable[[T], datetime | None]) -> Iterator[tuple[datetime, T]]:
    latest = _BEGINNING
    for item in stream:
        at = time_of(item)
        if at is not None and at > latest:
            latest = at
        yield latest, item
