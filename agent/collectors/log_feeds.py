"""Where one service's raw lines come from: its files, or its container. What is there, then what is new."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from agent.collectors.container_lines import container_lines
from agent.collectors.log_files import FollowedFile, lines_from, starts_of
from agent.collectors.streamed_feed import LINE_OCTETS, StreamedFeed
from agent.errors import BlissfulError

if TYPE_CHECKING:
    from docker import DockerClient

    Connect = Callable[[], AbstractContextManager[DockerClient]]


class LogFeed(Protocol):
    """One service's lines as `(offset, bytes)`. Times without a zone are in `zone`."""

    service: str
    zone: tzinfo

    def history(self, octets: int | None = None) -> Iterator[tuple[int, bytes]]:
        """What is there, oldest first; with `octets`, at least the lines within that many bytes from the end.

        Raises `BlissfulError` or `OSError` when it cannot be read. May be called again, to begin anew.
        """
        ...

    def size(self) -> int | None:
        """How many bytes there are, where that is known without reading them."""
        ...

    def rest(self) -> Iterator[tuple[int, bytes]]:
        """The unfinished last line, for when nobody waits for its end."""
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
        self._files = files
        self._live = FollowedFile(files[-1])

    def history(self, octets: int | None = None) -> Iterator[tuple[int, bytes]]:
        """The finished lines of all files, or of the end of them."""
        starts = starts_of(self._files, octets)
        for path, start in list(starts.items())[:-1]:
            for _, offset, line in lines_from(path, start):
                yield offset, line
        self._live.close()
        self._live = FollowedFile(self._files[-1], starts.get(self._files[-1], 0))
        yield from self._live.lines()

    def rest(self) -> Iterator[tuple[int, bytes]]:
        """The unfinished last line."""
        return self._live.rest()

    def size(self) -> int | None:
        """The sum of the files that exist."""
        return sum(path.stat().st_size for path in self._files if path.is_file())

    def fresh(self) -> list[tuple[int, bytes]]:
        """The lines written since."""
        return list(self._live.lines())

    def time_at(self, offset: int) -> datetime | None:
        """A file does not know."""
        return None

    def close(self) -> None:
        """Close the live file."""
        self._live.close()


class ContainerFeed(StreamedFeed):
    """A service that runs in a container; the engine keeps its lines."""

    def __init__(self, service: str, container: str, connect: "Connect", *, since: datetime | None = None) -> None:
        super().__init__(service, since)
        self._container = container
        self._connect = connect
        self._since = self._last

    def history(self, octets: int | None = None) -> Iterator[tuple[int, bytes]]:
        """What the engine keeps of the container, from `since` on; `octets` is read as lines of 100 bytes."""
        tail = None if octets is None else octets // LINE_OCTETS
        with self._connect() as client:
            for at, line in container_lines(client, self._container, after=self._since, follow=False, tail=tail):
                self._last = at
                yield at, line

    def _follow(self) -> None:
        from urllib3.exceptions import HTTPError

        while not self._stopped.is_set():
            try:
                with self._connect() as client:
                    for at, line in container_lines(client, self._container, after=self._last, follow=True):
                        self._waiting.put((at, line))
                        self._last = at
            except (BlissfulError, OSError, HTTPError):  # a restart, a silence longer than the engine's time-out
                pass
            self._stopped.wait(1.0)
