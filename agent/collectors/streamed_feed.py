"""What the feeds of containers have in common: lines that a thread reads from a stream, each with its own time."""

import queue
import threading
from abc import ABC, abstractmethod
from collections.abc import Iterator
from datetime import UTC, datetime, tzinfo

from agent.collectors.container_lines import moment_at

MOST_WAITING = 100_000
"""Lines of a container that wait to be read; past that, the reader of the stream waits."""
LINE_OCTETS = 100
"""A bound in bytes is read as lines of so many."""


class StreamedFeed(ABC):
    """One container's lines. Offsets are the nanoseconds of whoever keeps them, so each line has a time."""

    zone: tzinfo = UTC

    def __init__(self, service: str, since: datetime | None) -> None:
        self.service = service
        self._last = int(since.timestamp() * 1e9) if since else 0
        self._waiting: queue.Queue[tuple[int, bytes]] = queue.Queue(MOST_WAITING)
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None

    @abstractmethod
    def history(self, octets: int | None = None) -> Iterator[tuple[int, bytes]]:
        """What is kept of the container; `octets` is read as lines of 100 bytes."""

    @abstractmethod
    def _follow(self) -> None:
        """Put what is written into `_waiting`, in a thread of its own, until `_stopped`."""

    def rest(self) -> Iterator[tuple[int, bytes]]:
        """None: the lines are finished."""
        return iter(())

    def size(self) -> int | None:
        """Nobody tells."""
        return None

    def fresh(self) -> list[tuple[int, bytes]]:
        """What came since; a container that restarts is followed on."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._follow, name=f"logs-{self.service}", daemon=True)
            self._thread.start()
        return [self._waiting.get_nowait() for _ in range(self._waiting.qsize())]

    def time_at(self, offset: int) -> datetime | None:
        """The line's own time."""
        return moment_at(offset)

    def close(self) -> None:
        """Tell the reading thread to end; it does not keep the program alive."""
        self._stopped.set()
