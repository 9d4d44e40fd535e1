"""The entries of several services as they come, without end."""

import time
from collections.abc import Iterator, Sequence
from datetime import datetime

from agent.collectors.log_entries import entries_of
from agent.collectors.log_feeds import LogFeed
from agent.normalize.joining import joined
from agent.normalize.log_event import LogEntry
from agent.normalize.log_filter import LogFilter

PAUSE_S = 0.2


def followed(feeds: Sequence[LogFeed], keep: LogFilter, *, pause_s: float = PAUSE_S) -> Iterator[LogEntry]:
    """New entries of all feeds; what came within one pause is in order of time. Ends only when the caller stops."""
    live = [_Live(feed, keep) for feed in feeds]
    while True:
        yield from sorted((entry for each in live for entry in each.fresh()), key=_time)
        time.sleep(pause_s)


def _time(entry: LogEntry) -> float:
    return entry.at.timestamp() if entry.at else 0.0


class _Live:
    """One feed; the last lines wait for a pause, because a stack trace may still be coming."""

    def __init__(self, feed: LogFeed, keep: LogFilter) -> None:
        self._feed = feed
        self._keep = keep
        self._held: list[tuple[int, bytes]] = []
        self._before: datetime | None = None

    def fresh(self) -> list[LogEntry]:
        new = self._feed.fresh()
        ready, self._held = _split(self._held + new) if new else (self._held, [])
        found = entries_of(
            self._feed.service,
            ready,
            self._keep,
            self._feed.zone,
            before=self._before,
            time_at=self._feed.time_at,
        )
        entries = list(found)
        if entries:
            self._before = entries[-1].at
        return entries


def _split(lines: list[tuple[int, bytes]]) -> tuple[list[tuple[int, bytes]], list[tuple[int, bytes]]]:
    """The lines of finished entries, and those of the last one where more may belong to it."""
    entries = list(joined(lines))
    if not entries or (entries[-1][1][:1] == b"{" and b"\n" not in entries[-1][1] and entries[-1][1].endswith(b"}")):
        return lines, []
    first = max(index for index, (offset, _) in enumerate(lines) if offset == entries[-1][0])
    return lines[:first], lines[first:]
