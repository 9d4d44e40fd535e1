"""One command at a time changes a stack. Whoever died holding the lock does not hold it any more."""

import fcntl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from blissful_infra.errors import RunFailedError
from blissful_infra.stacks.state.boot import birth, boot_id, is_same_process
from blissful_infra.stacks.state.files import read_json, write_json, writing

POLL_S = 0.2


class StackBusyError(RunFailedError):
    """Another command is changing this stack."""

    code = "stack-busy"


@dataclass(frozen=True, slots=True)
class Holder:
    """Who changes the stack: the verb, its process, and since when (epoch seconds)."""

    verb: str
    run_id: str
    pid: int
    born: float
    boot: str
    since: float

    @property
    def alive(self) -> bool:
        """Whether that command still runs."""
        return is_same_process(self.pid, self.born, self.boot)


def holder_in(state_dir: Path) -> Holder | None:
    """Who wrote the lock, alive or not."""
    found = read_json(state_dir / "lock.json")
    try:
        return Holder(**{name: found[name] for name in Holder.__dataclass_fields__})
    except (KeyError, TypeError):
        return None


def acquire(
    state_dir: Path,
    *,
    verb: str,
    run_id: str,
    pid: int,
    wait_s: float = 0,
    on_wait: Callable[[Holder], None] = lambda holder: None,
) -> Holder | None:
    """Take the lock for process `pid`; the dead holder it was taken from, if any. Raises `StackBusyError`."""
    deadline = time.monotonic() + wait_s
    told = False
    while True:
        with _guarded(state_dir):
            before = holder_in(state_dir)
            if before is None or not before.alive or before.pid == pid:
                mine = Holder(verb, run_id, pid, birth(pid) or 0.0, boot_id(), time.time())
                write_json(state_dir / "lock.json", {"v": 1, **asdict(mine)})
                return before if before and before.pid != pid else None
        if time.monotonic() >= deadline:
            raise _busy(before, wait_s)
        if not told:
            on_wait(before)
            told = True
        time.sleep(POLL_S)


def release(state_dir: Path, *, pid: int) -> bool:
    """Give the lock back; whether this process (or a dead one) held it."""
    if not state_dir.is_dir():
        return False
    with _guarded(state_dir):
        holder = holder_in(state_dir)
        if holder is None or (holder.pid != pid and holder.alive):
            return False
        (state_dir / "lock.json").unlink(missing_ok=True)
        return True


def _busy(holder: Holder, waited_s: float) -> StackBusyError:
    context: dict[str, Any] = {"holder": f"{holder.verb}, pid {holder.pid}, run {holder.run_id}"}
    waited = f" and still does after {waited_s:g} s" if waited_s else ""
    return StackBusyError(
        f"`{holder.verb}` (pid {holder.pid}, since {time.time() - holder.since:.0f} s) is changing this stack{waited}",
        hint="let it end, then run the command again; or let this one wait: `-e local_stack_lock_wait=60`",
        context=context,
    )


@contextmanager
def _guarded(state_dir: Path) -> Iterator[None]:
    path = state_dir / "lock"
    with writing(path):
        state_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        file = path.open("a")
    with file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
