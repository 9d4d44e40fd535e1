"""Names who listens on a port: a container with its project, or a process with its command."""

import contextlib
from collections.abc import Iterable
from typing import Any

import psutil

from blissful_infra.stacks.ports import PortHolder
from blissful_infra.stacks.state.registry import Registered

DOCKER_PROXIES = frozenset({"docker-proxy", "com.docker.backend", "dockerd", "rootlesskit", "slirp4netns"})


def holder_of(port: int, stacks: Iterable[Registered] = ()) -> PortHolder:
    """Who holds the port, as far as this user may see it."""
    claimed_by = next((stack for stack in stacks if port in stack.ports.values()), None)
    project = f"{claimed_by.name} in {claimed_by.project_dir}" if claimed_by else None
    pid = _listening_pid(port)
    if pid is None or _name(pid) in DOCKER_PROXIES:
        from blissful_infra.stacks.docker.ports import publishers

        if found := publishers().get(port):
            return PortHolder(port, pid, container=found.container, project=found.project)
    return PortHolder(port, pid, _command(pid), project=project)


def _listening_pid(port: int) -> int | None:
    with contextlib.suppress(psutil.AccessDenied, OSError):
        found = (seen.pid for seen in psutil.net_connections(kind="tcp") if _listens(seen, port))
        return next((pid for pid in found if pid), None)
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if any(_listens(seen, port) for seen in process.net_connections(kind="tcp")):
                return int(process.pid)
    return None


def _listens(seen: Any, port: int) -> bool:
    return bool(seen.status == psutil.CONN_LISTEN and seen.laddr and seen.laddr.port == port)


def _name(pid: int) -> str:
    with contextlib.suppress(psutil.Error):
        return psutil.Process(pid).name()
    return ""


def _command(pid: int | None) -> str | None:
    if pid is None:
        return None
    with contextlib.suppress(psutil.Error):
        words = " ".join(psutil.Process(pid).cmdline())
        return words[:77] + "..." if len(words) > 80 else words or psutil.Process(pid).name()
    return None
