"""The programs of the cluster that was started here, ended and started again: what a crash and a restart of one do."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from tests.missing import missing


def _node() -> int:
    """Process 1 of the cluster's namespaces."""
    if os.environ.get("BLISSFUL_TEST_CLUSTER", "theirs") == "theirs" or os.geteuid() != 0:
        missing("only the programs of a cluster that tests/cluster started can be ended, by root")
    return int((Path(os.environ["KUBECONFIG"]).parent / "node.pid").read_text())


def _found(program: str, node: int) -> psutil.Process:
    ours = Path(f"/proc/{node}/ns/pid").readlink()
    for process in psutil.process_iter(["cmdline"]):
        words = process.info["cmdline"] or [""]
        try:
            if Path(words[0]).name == program and Path(f"/proc/{process.pid}/ns/pid").readlink() == ours:
                return process
        except OSError:
            continue
    raise AssertionError(f"{program} does not run")


@contextmanager
def down(program: str) -> Iterator[None]:
    """The program is not there inside of the block, and is again after it, as it was."""
    node = _node()
    process = _found(program, node)
    words, environ, log = process.cmdline(), process.environ(), Path(f"/proc/{process.pid}/fd/1").readlink()
    process.send_signal(signal.SIGKILL)
    process.wait(10)
    try:
        yield
    finally:
        # In the background of a shell that ends: process 1 of the namespaces takes it in, and nothing of it is ours.
        inside = ["nsenter", f"--target={node}", "--mount", "--pid", "--net", "--uts", "--ipc"]
        start = ["sh", "-c", 'log=$1; shift; setsid "$@" </dev/null >>"$log" 2>&1 &', "sh", str(log), *words]
        subprocess.run([*inside, *start], check=True, env=environ)


def wait_for_api(within: float = 120) -> None:
    """Until the API server answers again."""
    deadline = time.monotonic() + within
    words = ["kubectl", "--request-timeout=3s", "get", "--raw", "/readyz"]
    while subprocess.run(words, capture_output=True, check=False).returncode != 0:
        assert time.monotonic() < deadline, "the API server does not come back"
        time.sleep(0.5)
