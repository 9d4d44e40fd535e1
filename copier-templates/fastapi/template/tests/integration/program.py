"""The program as it runs anywhere: its own process, its environment, its stdout."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import httpx2

T = TypeVar("T")


def free_port() -> int:
    """A port on which nothing listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def eventually(observe: Callable[[], T], wanted: Callable[[T], bool], *, within: float) -> T:
    """Observe until it is as wanted; the failure shows the last observation."""
    deadline = time.monotonic() + within
    while not wanted(seen := observe()):
        assert time.monotonic() < deadline, f"not within {within} s; seen last: {seen!r}"
        time.sleep(0.1)
    return seen


class Program:
    """`python -m app`, from start to stop."""

    def __init__(self, environment: dict[str, str], stdout: Path) -> None:
        port = free_port()
        self._stdout = stdout
        self._environment = os.environ | {"SERVICE_NAME": "svc"} | environment | {"PORT": str(port)}
        self.client = httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=10, trust_env=False)

    def __enter__(self) -> "Program":
        with self._stdout.open("wb") as stdout:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "app"], env=self._environment, stdout=stdout, stderr=stdout
            )
        eventually(self._alive, bool, within=30)
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        self.client.close()

    def _alive(self) -> bool:
        assert self._process.poll() is None, self._stdout.read_text()
        try:
            return self.client.get("/health").status_code == 200
        except httpx2.TransportError:
            return False

    def run(self, *arguments: str) -> int:
        """The exit code of the same program with arguments."""
        command = [sys.executable, "-m", "app", *arguments]
        return subprocess.run(command, env=self._environment, stdout=subprocess.DEVNULL, check=False).returncode

    def terminate(self) -> None:
        """Ask it to end."""
        self._process.terminate()

    def stop(self) -> int:
        """End it and return its exit code."""
        self._process.terminate()
        return self._process.wait(timeout=20)

    def ready(self) -> dict[str, Any]:
        """What `/ready` says."""
        body: dict[str, Any] = self.client.get("/ready").json()
        return body

    def wait_until_ready(self) -> None:
        """Within the time that the service promises."""
        eventually(self.ready, lambda body: body["status"] == "UP", within=30)

    def records(self) -> list[dict[str, Any]]:
        """Every line on its stdout and stderr; each has to be a JSON object."""
        return [json.loads(line) for line in self._stdout.read_text().splitlines()]
