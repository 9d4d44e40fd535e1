"""Which boot of the machine this is, and whether a process is still the one that was written down."""

import contextlib
import functools
import os
import subprocess
from pathlib import Path

import psutil


@functools.cache
def boot_id() -> str:
    """The same text until the machine restarts."""
    with contextlib.suppress(OSError):
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        done = subprocess.run(
            ["sysctl", "-n", "kern.bootsessionuuid"], capture_output=True, text=True, check=True, timeout=5
        )
        return done.stdout.strip()
    return str(int(psutil.boot_time()))


def birth(pid: int) -> float | None:
    """When this process began, in epoch seconds; None once it has ended, a zombie included."""
    try:
        process = psutil.Process(pid)
        return None if process.status() == psutil.STATUS_ZOMBIE else process.create_time()
    except psutil.NoSuchProcess:
        return None
    except psutil.AccessDenied:
        return 0.0


def is_same_process(pid: int, born: float, boot: str) -> bool:
    """Whether the process written down so still runs: pids are used again, and reboots end all."""
    if boot != boot_id() or pid <= 0:
        return False
    now = birth(pid)
    return now is not None and (now == 0.0 or abs(now - born) < 1.0)


def controller_pid() -> int:
    """The process that carries a run on: this one, or Ansible's main process when inside one of its workers."""
    import multiprocessing

    return os.getppid() if multiprocessing.parent_process() is not None else os.getpid()
