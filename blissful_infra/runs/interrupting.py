"""Ends an Ansible that hangs on Ctrl-C.

Ansible answers an interrupt by killing its workers. One that dies while it writes a result leaves the queue locked, and
Ansible then waits for that queue for ever. Here a thread waits a moment beside it, and ends the process if need be.
"""

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable
from types import FrameType

GRACE_S = 5.0
EXIT_CODE = 99
"""Ansible's own for an interrupt."""


def kill_workers() -> None:
    """End the processes that Ansible forked, even stopped ones: nothing may act any more when a run is undone."""
    for worker in multiprocessing.active_children():
        worker.kill()


class InterruptWatch:
    """After a SIGINT, gives the process `grace_s` to end by itself; then does `last_act` in its place, and ends it."""

    def __init__(self, last_act: Callable[[], None], *, grace_s: float = GRACE_S) -> None:
        self._last_act = last_act
        self._grace_s = grace_s
        self._pid = os.getpid()
        self._ending = threading.Lock()

    def arm(self) -> None:
        """Stand before the handler there is; from the main thread. Further interrupts are ignored: one is enough."""
        before = signal.getsignal(signal.SIGINT)
        if not callable(before):
            return

        def interrupted(number: int, frame: FrameType | None) -> None:
            if os.getpid() == self._pid:
                timer = threading.Timer(self._grace_s, self._end)
                timer.daemon = True
                timer.start()
            try:
                before(number, frame)
            finally:
                signal.signal(signal.SIGINT, signal.SIG_IGN)

        signal.signal(signal.SIGINT, interrupted)

    def take_over(self) -> None:
        """The process ends by itself after all; waits for ever when the watch has begun to end it."""
        self._ending.acquire()

    def _end(self) -> None:
        if not self._ending.acquire(blocking=False):
            return
        kill_workers()
        try:
            self._last_act()
            sys.stdout.flush()
            sys.stderr.flush()
        finally:
            os._exit(EXIT_CODE)
