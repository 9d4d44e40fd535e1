"""What the containers of an environment's pods write, read through `kubectl logs`."""

import contextlib
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import IO, Any

from agent.collectors.container_lines import moment_at, nanoseconds_of
from agent.collectors.log_files import LONGEST_LINE
from agent.collectors.streamed_feed import LINE_OCTETS, StreamedFeed
from blissful_infra.delivery.kubernetes.cluster import Cluster, ClusterRefusedError
from blissful_infra.delivery.kubernetes.kubectl import kubectl_argv
from blissful_infra.errors import UsageError
from blissful_infra.settings.model import Environment

NAME = "app.kubernetes.io/name"


class PodFeed(StreamedFeed):
    """One container of a pod; the node keeps its lines. A pod that is gone is not followed on."""

    def __init__(
        self, environment: Environment, pod: str, container: str, *, service: str, since: datetime | None = None
    ) -> None:
        super().__init__(service, since)
        self._environment = environment
        self._pod, self._container = pod, container
        self._following: subprocess.Popen[bytes] | None = None

    def history(self, octets: int | None = None) -> Iterator[tuple[int, bytes]]:
        """What the node keeps of the container; `octets` is read as lines of 100 bytes."""
        tail = () if octets is None else (f"--tail={octets // LINE_OCTETS}",)
        with self._started(*tail) as process:
            assert process.stdout is not None
            assert process.stderr is not None
            try:
                for at, line in self._lines(process.stdout):
                    self._last = at
                    yield at, line
                problem = process.stderr.read(2000).decode(errors="replace").strip()
            finally:
                process.kill()
        if problem:
            raise ClusterRefusedError(f"the log of {self._pod} cannot be read: {problem.splitlines()[-1]}")

    def close(self) -> None:
        """End kubectl, and with it the reading thread."""
        super().close()
        if self._following is not None:
            with contextlib.suppress(OSError):
                self._following.kill()

    def _follow(self) -> None:
        while not self._stopped.is_set():
            with self._started("--follow", errors=False) as process:
                self._following = process
                assert process.stdout is not None
                for at, line in self._lines(process.stdout):
                    self._waiting.put((at, line))
                    self._last = at
                process.kill()
            self._stopped.wait(1.0)

    def _started(self, *words: str, errors: bool = True) -> "subprocess.Popen[bytes]":
        since = (f"--since-time={moment_at(self._last).strftime('%Y-%m-%dT%H:%M:%SZ')}",) if self._last else ()
        ask = ("logs", self._pod, f"--container={self._container}", "--timestamps", *since, *words)
        return subprocess.Popen(
            kubectl_argv(self._environment, *ask),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE if errors else subprocess.DEVNULL,
        )

    def _lines(self, stream: IO[bytes]) -> Iterator[tuple[int, bytes]]:
        after, last = self._last, self._last
        while raw := stream.readline(LONGEST_LINE):
            stamp, _, line = raw.rstrip(b"\r\n").partition(b" ")
            at = nanoseconds_of(stamp)
            if at is None:
                last, line = last + 1, raw.rstrip(b"\r\n")
            elif at <= after:
                continue
            else:
                last = max(last + 1, at)
            yield last, line


def pod_feeds(
    environment: Environment, services: Sequence[str], *, since: datetime | None = None
) -> tuple[PodFeed, ...]:
    """A feed for each container that ran, of the services named or of all. Raises UsageError for an unknown one.

    A service is what `app.kubernetes.io/name` calls it.
    """
    cluster = Cluster(environment)
    pods = cluster.items(f"/api/v1/namespaces/{environment.namespace}/pods")
    known = sorted({_service_of(pod) for pod in pods})
    for name in services:
        if name not in known:
            there = ", ".join(known) or "none: nothing runs there"
            raise UsageError(f"{environment.namespace} has no pods of {name!r}", hint=f"the services are {there}")
    kubectl_argv(environment)  # its lack is told before a thread meets it
    return tuple(
        PodFeed(environment, pod["metadata"]["name"], container, service=_title(pod, container), since=since)
        for pod in pods
        if not services or _service_of(pod) in services
        for container in _ran(pod)
    )


def _service_of(pod: Mapping[str, Any]) -> str:
    metadata = pod["metadata"]
    return str((metadata.get("labels") or {}).get(NAME) or metadata["name"])


def _title(pod: Mapping[str, Any], container: str) -> str:
    several = len(pod["spec"]["containers"]) > 1
    name = str(pod["metadata"]["name"])
    return f"{name}/{container}" if several else name


def _ran(pod: Mapping[str, Any]) -> Iterator[str]:
    """The containers that have a log: they run, or ended."""
    status = pod.get("status") or {}
    for each in (*(status.get("initContainerStatuses") or ()), *(status.get("containerStatuses") or ())):
        if {"running", "terminated"} & set(each.get("state") or ()) or each.get("lastState"):
            yield str(each["name"])
