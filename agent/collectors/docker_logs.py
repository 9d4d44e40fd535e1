"""The logs that the Docker engine keeps of a stack's containers."""

from collections import deque
from collections.abc import Mapping
from datetime import UTC
from typing import TYPE_CHECKING

from agent.collectors.container_lines import container_lines, moment_at
from agent.collectors.log_entries import entries_of
from agent.domain import Bound, Collected, Event, Window
from agent.errors import BlissfulError
from agent.normalize.log_event import log_event
from agent.normalize.log_filter import LogFilter

if TYPE_CHECKING:
    from docker import DockerClient

    from agent.collectors.log_feeds import Connect

_NANO = 1_000_000_000


class DockerLogs:
    """Asks the engine for the newest lines of each container; `containers` maps services to container names."""

    name = "docker-logs"

    def __init__(self, containers: Mapping[str, str], connect: "Connect") -> None:
        self._containers = containers
        self._connect = connect

    def collect(self, window: Window, bound: Bound) -> Collected:
        """`log.line` events; an entry without a time of its own has the engine's."""
        from docker.errors import DockerException, NotFound
        from requests.exceptions import RequestException
        from urllib3.exceptions import HTTPError

        if not self._containers:
            return Collected.unavailable(self.name, "the stack has no containers")
        found: list[Event] = []
        problems: list[str] = []
        try:
            with self._connect() as client:
                for service, container in self._containers.items():
                    try:
                        found += self._events(client, service, container, window, bound)
                    except NotFound:
                        problems.append(f"{service}: its container is gone")
        except (BlissfulError, DockerException, RequestException, HTTPError, OSError) as error:
            return Collected.unavailable(self.name, str(error))
        if len(problems) == len(self._containers):
            return Collected.unavailable(self.name, "; ".join(problems))
        found.sort(key=lambda event: event.at)
        detail = "; ".join([f"{len(self._containers) - len(problems)} containers", *problems])
        truncated = len(found) > bound.records
        return Collected.of(self.name, tuple(found[-bound.records :]), detail=detail, truncated=truncated)

    def _events(
        self, client: "DockerClient", service: str, container: str, window: Window, bound: Bound
    ) -> list[Event]:
        since = int(window.since.timestamp() * _NANO)
        newest: deque[tuple[int, bytes]] = deque()
        octets = 0
        for line in container_lines(client, container, after=since, follow=False, tail=bound.records):
            newest.append(line)
            octets += len(line[1])
            while octets > bound.octets and len(newest) > 1:
                octets -= len(newest.popleft()[1])
        entries = entries_of(service, newest, LogFilter(), UTC, time_at=moment_at)
        dated = ((entry.at or moment_at(entry.offset), entry) for entry in entries)
        return [
            log_event(entry, at=at, source=self.name, file=container, identity=container)
            for at, entry in dated
            if at in window
        ]
