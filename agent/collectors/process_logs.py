"""The log files of a stack's services."""

import heapq
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from pathlib import Path

from agent.collectors.log_entries import entries_of
from agent.collectors.log_files import fingerprint_of, lines_from, starts_of
from agent.domain import Bound, Collected, Event, Window
from agent.normalize.log_event import LogEntry, log_event
from agent.normalize.log_filter import LogFilter


class ProcessLogs:
    """Reads the ends of each service's files, oldest first; times without a zone are in `zone`."""

    name = "process-logs"

    def __init__(self, files: Mapping[str, Sequence[Path]], *, zone: tzinfo) -> None:
        self._files = files
        self._zone = zone

    def collect(self, window: Window, bound: Bound) -> Collected:
        """`log.line` events; an entry before the first time known has its file's time."""
        if not self._files:
            return Collected.unavailable(self.name, "the stack has no log files")
        share = max(1, bound.octets // len(self._files))
        found: list[Event] = []
        problems: list[str] = []
        cut = False
        for service, files in self._files.items():
            try:
                there = [path for path in files if path.is_file()]
                if not there:
                    problems.append(f"{service}: no log file yet")
                cut = cut or sum(path.stat().st_size for path in there) > share
                found += self._events(service, there, window, Bound(bound.records, share))
            except OSError as error:
                problems.append(f"{service}: {error.strerror or error}")
        if len(problems) == len(self._files):
            return Collected.unavailable(self.name, "; ".join(problems))
        newest = heapq.nlargest(bound.records, enumerate(found), key=lambda item: (item[1].at, item[0]))
        records = tuple(event for _, event in sorted(newest, key=lambda item: (item[1].at, item[0])))
        detail = "; ".join([f"{len(self._files) - len(problems)} services", *problems])
        return Collected.of(self.name, records, detail=detail, truncated=cut or len(found) > len(records))

    def _events(self, service: str, files: Sequence[Path], window: Window, bound: Bound) -> Iterator[Event]:
        newest: deque[tuple[datetime, LogEntry, str, str]] = deque(maxlen=bound.records + 1)
        for path, start in starts_of(files, bound.octets).items():
            if not (size := path.stat().st_size) or start >= size:
                continue
            changed = datetime.fromtimestamp(path.stat().st_mtime, UTC)
            if changed < window.since:
                continue
            identity = f"{service}:{fingerprint_of(path)}"
            lines = ((offset, line) for _, offset, line in lines_from(path, start))
            for entry in entries_of(service, lines, LogFilter(), self._zone):
                at = entry.at or changed
                if at in window:
                    newest.append((at, entry, path.name, identity))
        for at, entry, file, identity in newest:
            yield log_event(entry, at=at, source=self.name, file=file, identity=identity)
