import multiprocessing
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from blissful_infra.stacks.state import lock
from blissful_infra.stacks.state.files import write_json


@pytest.fixture
def living() -> Iterator[int]:
    """A process that is not ours and lives."""
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) as process:
        yield process.pid
        process.kill()


def test_a_living_holder_refuses_and_is_named(tmp_path: Path, living: int) -> None:
    lock.acquire(tmp_path, verb="up", run_id="r1", pid=living)
    with pytest.raises(lock.StackBusyError, match=rf"`up` \(pid {living}, since 0 s\) is changing this stack"):
        lock.acquire(tmp_path, verb="down", run_id="r2", pid=os.getpid())


def test_waiting_ends_when_the_holder_gives_it_back(tmp_path: Path, living: int) -> None:
    lock.acquire(tmp_path, verb="up", run_id="r1", pid=living)
    told = []

    def gives_back(holder: lock.Holder) -> None:
        told.append(holder.verb)
        lock.release(tmp_path, pid=living)

    assert lock.acquire(tmp_path, verb="up", run_id="r2", pid=os.getpid(), wait_s=5, on_wait=gives_back) is None
    assert told == ["up"]


def test_a_dead_holder_does_not_hold(tmp_path: Path) -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    lock.acquire(tmp_path, verb="up", run_id="r1", pid=dead.pid)
    dead.wait()
    before = lock.acquire(tmp_path, verb="up", run_id="r2", pid=os.getpid())
    assert before is not None
    assert before.run_id == "r1"


def test_a_pid_used_again_after_a_reboot_does_not_hold(tmp_path: Path, living: int) -> None:
    lock.acquire(tmp_path, verb="up", run_id="r1", pid=living)
    holder = lock.holder_in(tmp_path)
    assert holder is not None
    fields = {name: getattr(holder, name) for name in lock.Holder.__dataclass_fields__}
    write_json(tmp_path / "lock.json", {**fields, "boot": "another boot"})
    assert lock.acquire(tmp_path, verb="up", run_id="r2", pid=os.getpid()) is not None


def test_a_stranger_cannot_give_it_back(tmp_path: Path, living: int) -> None:
    lock.acquire(tmp_path, verb="up", run_id="r1", pid=living)
    assert not lock.release(tmp_path, pid=os.getpid())
    assert lock.release(tmp_path, pid=living)


def contend(folder: Path, entered: "multiprocessing.Queue[float]") -> None:
    lock.acquire(folder, verb="up", run_id=str(os.getpid()), pid=os.getpid(), wait_s=30)
    entered.put(time.monotonic())
    time.sleep(0.1)
    entered.put(time.monotonic())
    lock.release(folder, pid=os.getpid())


def test_only_one_is_inside_at_a_time(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    moments = context.Queue()
    workers = [context.Process(target=contend, args=(tmp_path, moments)) for _ in range(3)]
    for worker in workers:
        worker.start()
    pairs = [moments.get(timeout=60) for _ in range(6)]
    for worker in workers:
        worker.join()
    assert pairs == sorted(pairs)
