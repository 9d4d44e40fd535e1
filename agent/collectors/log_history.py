"""The entries that several services have written so far, as one stream in order of time."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from agent.collectors.log_entries import entries_of
from agent.collectors.log_feeds import LogFeed
from agent.normalize.log_event import LogEntry
from agent.normalize.log_filter import LogFilter
from agent.timeline.merging import merged

_FIRST_LOOK = 1024 * 1024


def history_of(
    feeds: Sequence[LogFeed], keep: LogFilter, *, tail: int | None = None, unfinished: bool = True
) -> Iterator[LogEntry]:
    """The wanted entries of all feeds, or the last `tail` of them, in order of time; memory stays bounded.

    `unfinished` takes a last line without its newline; who goes on following leaves it.
    """

    def all_of(feed: LogFeed, octets: int | None = None) -> Iterator[LogEntry]:
        lines = _lines(feed, octets, unfinished=unfinished)
        return entries_of(feed.service, lines, keep, feed.zone, time_at=feed.time_at)

    if tail is None:
        return merged([all_of(feed) for feed in feeds], _time)
    ends = [_last(feed, all_of, tail, widen=keep.since is None) for feed in feeds]
    return iter(deque(merged(ends, _time), maxlen=tail))


def _time(entry: LogEntry) -> datetime | None:
    return entry.at


def _lines(feed: LogFeed, octets: int | None, *, unfinished: bool) -> Iterator[tuple[int, bytes]]:
    yield from feed.history(octets)
    if unfinished:
        yield from feed.rest()


def _last(feed: LogFeed, all_of: Callable[..., Iterator[LogEntry]], count: int, *, widen: bool) -> Iterator[LogEntry]:
    """The last `count` wanted entries, looking at ever larger ends of what is there.

    An end is large enough when it holds one entry more than wanted (its first may be cut) and the first wanted one has
    a time, so that the answer is the same as from the whole.
    """
    size = feed.size()
    octets = _FIRST_LOOK
    while widen and size is not None and octets < size:
        found = deque(all_of(feed, octets), maxlen=count + 1)
        if len(found) > count and (count == 0 or found[1].at is not None):
            found.popleft()
            return iter(found)
        octets *= 8
    return iter(deque(all_of(feed), maxlen=count))
