"""Finds and ends processes of a stack that nothing supervises any more, by the mark in their environment."""

import contextlib
import os

import psutil

from blissful_infra.stacks.plan import BUILD_SUFFIX
from blissful_infra.stacks.process.supervisor import MARK, SERVICE

POLITE_S = 8.0


def marked(stack_id: str) -> list[psutil.Process]:
    """Every living process of this user that carries the stack's mark, but this one and those it runs under."""
    spared = {os.getpid(), *(parent.pid for parent in psutil.Process().parents())}
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if process.pid in spared or process.environ().get(MARK) != stack_id:
                continue
            if process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
    return found


def sweep(stack_id: str, *, spare: int | None = None) -> tuple[str, ...]:
    """End the stack's processes that no supervisor has; what was ended, as `pid (command)`.

    What a build left running (a compiler's daemon, say) is ended too, and not told: nothing died there.
    `spare` is the pid of a supervisor that answers: it and everything below it is left alone.
    """
    kept: set[int] = set()
    if spare is not None:
        with contextlib.suppress(psutil.Error):
            supervisor = psutil.Process(spare)
            kept = {spare, *(child.pid for child in supervisor.children(recursive=True))}
    victims = [process for process in marked(stack_id) if process.pid not in kept]
    told = []
    for process in victims:
        with contextlib.suppress(psutil.Error):
            if not process.environ().get(SERVICE, "").endswith(BUILD_SUFFIX):
                told.append(f"{process.pid} ({process.name()})")
            process.terminate()
    _, alive = psutil.wait_procs(victims, timeout=POLITE_S)
    for process in alive:
        with contextlib.suppress(psutil.Error):
            process.kill()
    psutil.wait_procs(alive, timeout=POLITE_S)
    return tuple(told)
