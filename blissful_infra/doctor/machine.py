"""Room on the machine: memory, disk, and the ports the project wishes for."""

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

import psutil

from blissful_infra.doctor.check import Check, Status

GIB = 1024**3
MEMORY_WANTED = 2 * GIB
DISK_WANTED = 5 * GIB
DISK_NEEDED = GIB // 4


def room_checks(folder: Path) -> Iterator[Check]:
    """Free memory, and free space on the disk of the folder."""
    memory = psutil.virtual_memory()
    yield memory_check(memory.available, memory.total)
    yield disk_check(shutil.disk_usage(folder).free)


def memory_check(available: int, total: int) -> Check:
    """Judge the memory, in bytes."""
    message = f"{_gib(available)} of {_gib(total)} free"
    enough = available >= MEMORY_WANTED
    return Check(
        name="memory",
        title="Memory",
        status=Status.OK if enough else Status.WARN,
        message=message if enough else f"{message}; a whole stack likes {_gib(MEMORY_WANTED)}",
        needed_for="running a stack",
        fix=None if enough else "close what you can spare, or stop other stacks: `blissful-infra status --all`",
    )


def disk_check(free: int) -> Check:
    """Judge the space, in bytes."""
    status = Status.OK if free >= DISK_WANTED else Status.WARN if free >= DISK_NEEDED else Status.MISSING
    return Check(
        name="disk",
        title="Disk",
        status=status,
        message=f"{_gib(free)} free" + ("" if status is Status.OK else f"; {_gib(DISK_WANTED)} are comfortable"),
        needed_for="images, packages and data",
        required="nothing can be written" if status is Status.MISSING else None,
        fix=None if status is Status.OK else "free some space, for example `docker system prune`",
    )


def port_check(wishes: Mapping[str, int], taken: Mapping[int, str], *, running: bool) -> Check:
    """Judge the ports; `taken` names the holder of each that is not free, `running` is set while the stack is up."""
    blocked = [f"{port} ({name}) is held by {taken[port]}" for name, port in wishes.items() if port in taken]
    fine = running or not blocked
    wished = ", ".join(str(port) for port in wishes.values())
    return Check(
        name="ports",
        title="Ports",
        status=Status.OK if fine else Status.WARN,
        message=("held by this stack" if running else f"{wished} are free") if fine else "; ".join(blocked),
        needed_for="the services of this project",
        fix=None if fine else "nothing: `up` moves to free ports; or stop the holder to get the wished ones",
    )


def _gib(size: int) -> str:
    return f"{size / GIB:.1f} GiB"
