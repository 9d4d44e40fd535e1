"""Where one service's raw lines come from: its files, or its container. What is there, then what is new."""

import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from agent.collectors.container_lines import container_lines, moment_at
from agent.collectors.log_files import FollowedFile, LineReader
from agent.errors import BlissfulError

if TYPE_CHECKING:
    from docker import DockerClient

    Connect = Callable[[], AbstractContextManager[DockerClient]]

_MOST_WAITING = 100_000
"""Lines of a container that wait to be read; past that, the reader of the engine's stream waits."""


class LogFeed(Protocol):
    """One service's lines as `(offset, bytes)`. Times without a zone are in `zone`."""

    service: str
    zone: tzinfo

    def history(self) -> Iterator[tuple[int, bytes]]:
        """Everything that is there, oldest first. Raises `BlissfulError` or `OSError` when it cannot be read."""
        ...

    def fresh(self) -> list[tuple[int, bytes]]:
        """What came since `history` or the last call; does not wait."""
        ...

    def time_at(self, offset: int) -> datetime | None:
        """When the line at this offset was written, where the source itself knows."""
        ...

    def close(self) -> None:
        """Let go of what is held open."""
        ...


class FileFeed:
    """A service whose lines stand in files: rotated ones first, the one written to last."""

    def __init__(self, service: str, files: Sequence[Path], zone: tzinfo) -> None:
        self.service = service
        self.zone = zone
        self._older = files[:-1]
        self._live = FollowedFile(files[-1])

    def history(self) -> Iterator[tuple[int, bytes]]:
        """All finished lines of all files."""
        for path in self._older:
            try:
                file = path.open("rb")
            except FileNotFoundError:
                continue
            with file:
                reader = LineReader(file)
                yield from reader.lines()
                yield from reader.rest()
        yield from self._live.lines()

    def rest(self) -> Iterator[tuple[int, bytes]]:
        """The unfinished last line."""
        return self._live.rest()

    def fresh(self) -> list[tuple[int, bytes]]:
        """The lines written since."""
        return list(self._live.lines())

    def time_at(self, offset: int) -> datetime | None:
        """A file does not know."""
        return None

    def close(self) -> None:
        """Close the live file."""
        self._live.close()


class ContainerFeed:
    """A service that runs in a container. Offsets are the engine's nanoseconds, so each line has a time."""

    zone: tzinfo = UTC

    def __init__(self, service: str, container: str, connect: "Connect") -> None:
        self.service = service
        self._container = container
        self._connect = connect
        self._last = 0
        self._waiting: queue.Queue[tuple[int, bytes]] = queue.Queue(_MOST_WAITING)
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None

    def history(self) -> Iterator[tuple[int, bytes]]:
        """What the engine keeps of the container."""
        with self._connect() as client:
            for self._last, line in container_lines(client, self._container, after=0, follow=False):
                yield self._last, line

    def fresh(self) -> list[tuple[int, bytes]]:
        """What the engine has sent since; a container that restarts is followed on."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._follow, name=f"logs-{self.service}", daemon=True)
            self._thread.start()
        return [self._waiting.get_nowait() for _ in range(self._waiting.qsize())]

    def time_at(self, offset: int) -> datetime | None:
        """The engine's time."""
        return moment_at(offset)

    def close(self) -> None:
        """Tell the reading thread to end; it does not keep the program alive."""
        self._stopped.set()

    def _follow(self) -> None:
        last = self._last
        while not self._stopped.is_set():
            try:
                with self._connect() as client:
                    for last, line in container_lines(client, self._container, after=last, follow=True):
                        self._waiting.put((last, line))
            except (BlissfulError, OSError):
                pass
            self._stopped.wait(1.0)
