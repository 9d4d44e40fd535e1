"""A process that hangs on an interrupt, as Ansible does, and one that does not."""

import signal
import subprocess
import sys

from blissful_infra.runs.interrupting import EXIT_CODE

PROGRAM = """
import multiprocessing, sys, time
from blissful_infra.runs.interrupting import InterruptWatch

watch = InterruptWatch(lambda: print("undone"), grace_s=0.5)
watch.arm()
worker = multiprocessing.get_context("fork").Process(target=time.sleep, args=(60,))
worker.start()
lock = multiprocessing.Lock()
lock.acquire()
try:
    print("worker", worker.pid, flush=True)
    time.sleep(60)
except KeyboardInterrupt:
    {then}
"""


def interrupted(then: str) -> tuple[int, str]:
    argv = [sys.executable, "-c", PROGRAM.format(then=then)]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("worker ")
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=30)  # ends only once the worker has closed its end, too
    return process.returncode, out


def test_a_process_that_hangs_is_ended_with_its_workers_after_its_last_act() -> None:
    assert interrupted("lock.acquire()") == (EXIT_CODE, "undone\n")


def test_a_process_that_ends_by_itself_is_left_alone_even_when_it_takes_longer() -> None:
    assert interrupted("worker.kill(); watch.take_over(); time.sleep(1); sys.exit(7)") == (7, "")
