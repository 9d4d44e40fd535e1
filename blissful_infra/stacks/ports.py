"""Which ports a stack gets. Declared ports are wishes: when one is taken, the whole block moves, and stays moved."""

import contextlib
import errno
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from blissful_infra.errors import RunFailedError
from blissful_infra.settings.consistency import BACKING_PORTS
from blissful_infra.settings.model import ProjectConfig

STEP = 100
CONTROLLER = "kafka-controller"
HIGHEST = 65535


class PortTakenError(RunFailedError):
    """A port that the stack wishes for is taken, and it may not move."""

    code = "port-taken"


class NoFreePortsError(RunFailedError):
    """No block of free ports is left on this machine."""

    code = "no-free-ports"


@dataclass(frozen=True, slots=True)
class PortHolder:
    """Who listens on a port: a process, a container, or another stack of this machine."""

    port: int
    pid: int | None = None
    command: str | None = None
    container: str | None = None
    project: str | None = None

    def __str__(self) -> str:
        if self.container:
            of = f" of project {self.project}" if self.project else ""
            return f"container {self.container}{of}"
        if self.pid:
            of = f", stack {self.project}" if self.project else ""
            return f"pid {self.pid} ({self.command or 'unknown command'}{of})"
        return f"stack {self.project}" if self.project else "a process of another user"


@dataclass(frozen=True, slots=True)
class PortBlock:
    """The ports of one stack; `moved` is set when they are not the wished ones because of `obstacles`."""

    ports: Mapping[str, int]
    moved: bool = False
    obstacles: tuple[tuple[str, int], ...] = ()


def wishes_of(config: ProjectConfig, *, runtime: str = "process") -> dict[str, int]:
    """The ports that the project's file asks for, by service; Kafka's controller has one in the process runtime."""
    wishes = {name: BACKING_PORTS[name] for name in config.backing.enabled()}
    wishes |= {name: service.port for name, service in config.services.items()}
    if "kafka" in wishes and runtime != "docker":
        controller = wishes["kafka"] + 1
        while controller in wishes.values():
            controller += 1
        wishes[CONTROLLER] = controller
    return wishes


def block_of(wishes: Mapping[str, int], saved: Mapping[str, int], is_free: Callable[[str, int], bool]) -> PortBlock:
    """The saved block when it is free, else the wished one, else the first free one above it.

    A saved block counts only when it is one of these very services. The steps keep last digits recognisable:
    8080 becomes 8180, 5432 becomes 5532.
    """
    if saved and set(saved) == set(wishes) and (dict(saved) == dict(wishes) or _shifted(wishes, saved)):
        obstacles = _obstacles(saved, is_free)
        if not obstacles:
            return PortBlock(dict(saved), moved=dict(saved) != dict(wishes))
    obstacles = _obstacles(wishes, is_free)
    if not obstacles:
        return PortBlock(dict(wishes))
    for shift in range(STEP, HIGHEST, STEP):
        block = {name: port + shift for name, port in wishes.items()}
        if max(block.values()) > HIGHEST:
            block = {name: 1024 + port % (HIGHEST - 1024) for name, port in block.items()}
        if len(set(block.values())) == len(block) and not _obstacles(block, is_free):
            return PortBlock(block, moved=True, obstacles=obstacles)
    raise NoFreePortsError(
        f"no block of {len(wishes)} free ports is left on this machine",
        hint="see which stacks run: `blissful-infra status --all`",
    )


def _shifted(wishes: Mapping[str, int], saved: Mapping[str, int]) -> bool:
    """Whether the saved block was made of these very wishes; a changed wish is asked for anew."""
    return len({(saved[name] - wishes[name]) % (HIGHEST - 1024) for name in wishes}) == 1


def _obstacles(block: Mapping[str, int], is_free: Callable[[str, int], bool]) -> tuple[tuple[str, int], ...]:
    return tuple((name, port) for name, port in block.items() if not is_free(name, port))


def listens_nowhere(port: int) -> bool:
    """Whether nothing holds the port, on the loopback address or on all addresses."""
    for address in ("127.0.0.1", "0.0.0.0"):  # noqa: S104 - probed, never served
        with contextlib.closing(socket.socket()) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((address, port))
                probe.listen(1)
            except OSError as error:
                if error.errno in {errno.EADDRINUSE, errno.EACCES}:
                    return False
                raise
    return True
