"""What the Docker engine keeps of what a stack's containers wrote."""

from collections import deque
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from agent.collectors.container_lines import container_lines, moment_at
from agent.collectors.evidence.naming import path_of
from agent.domain import Bound, Window
from agent.domain.gathered import Gathered
from agent.domain.investigation import Document
from agent.errors import BlissfulError

if TYPE_CHECKING:
    from docker import DockerClient

    from agent.collectors.log_feeds import Connect

_NANO = 1_000_000_000


class ContainerLogTexts:
    """`logs/<service>.log` of each container, and `ci/<job>.log` of the `jobs`; the engine's times decide."""

    name = "logs"

    def __init__(self, containers: Mapping[str, str], connect: "Connect", *, jobs: Collection[str] = ()) -> None:
        self._containers = containers
        self._connect = connect
        self._jobs = jobs

    def gather(self, window: Window, bound: Bound) -> Gathered:
        """The lines in the window, of each container the newest where the bound cuts."""
        from docker.errors import DockerException, NotFound
        from requests.exceptions import RequestException
        from urllib3.exceptions import HTTPError

        if not self._containers:
            return Gathered.unavailable(self.name, "the stack has no containers")
        count = len(self._containers)
        share = Bound(max(1, bound.records // count), max(1, bound.octets // count))
        documents: list[Document] = []
        problems: list[str] = []
        entries, cut = 0, False
        try:
            with self._connect() as client:
                for service, container in self._containers.items():
                    try:
                        lines, short = _lines(client, container, window, share)
                    except NotFound:
                        problems.append(f"{service}: its container is gone")
                        continue
                    cut = cut or short
                    entries += len(lines)
                    if lines:
                        text = b"\n".join(lines).decode("utf-8", "replace") + "\n"
                        folder = "ci" if service in self._jobs else "logs"
                        documents.append(Document(path_of(folder, service, "log"), text))
        except (BlissfulError, DockerException, RequestException, HTTPError, OSError) as error:
            return Gathered.unavailable(self.name, str(error))
        if len(problems) == count:
            return Gathered.unavailable(self.name, "; ".join(problems))
        detail = "; ".join([f"{entries:,} lines of {count - len(problems)} containers", *problems])
        return Gathered.of(self.name, tuple(documents), detail=detail, truncated=cut)


def _lines(client: "DockerClient", container: str, window: Window, bound: Bound) -> tuple[list[bytes], bool]:
    """The lines, and whether there were more than the bound lets through."""
    newest: deque[bytes] = deque()
    octets, cut = 0, False
    after = int(window.since.timestamp() * _NANO)
    for at, line in container_lines(client, container, after=after, follow=False, tail=bound.records + 1):
        if moment_at(at) not in window:
            continue
        newest.append(line)
        octets += len(line) + 1
        while newest and (octets > bound.octets or len(newest) > bound.records):
            octets -= len(newest.popleft()) + 1
            cut = True
    return list(newest), cut
