"""A created project whose stack is up: what the acceptance tests talk to, and how they hurt it."""

import functools
import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import httpx
import psutil

T = TypeVar("T")

BACKING = ("postgres", "kafka", "redis")


@dataclass(frozen=True)
class Combination:
    """One template with its options, on one runtime."""

    template: str
    runtime: str
    postgres: bool = False
    kafka: bool = False
    redis: bool = False

    def __str__(self) -> str:
        return "-".join([self.template, *(self.needs or ["bare"]), self.runtime])

    @property
    def needs(self) -> list[str]:
        return [name for name in BACKING if getattr(self, name)]

    @property
    def flags(self) -> list[str]:
        return [f"--{'' if getattr(self, name) else 'no-'}{name}" for name in BACKING]


class Project:
    """One created project. `environ` holds what its commands run with."""

    def __init__(self, folder: Path, combination: Combination, environ: Mapping[str, str]) -> None:
        self.folder = folder
        self.combination = combination
        self.environ = dict(environ)

    def run(self, *argv: str, check: bool = True, timeout: float = 600) -> subprocess.CompletedProcess[str]:
        """Run a command in the project's folder; a failure shows everything it said."""
        done = subprocess.run(
            argv, cwd=self.folder, env=self.environ, text=True, capture_output=True, timeout=timeout, check=False
        )
        if check and done.returncode != 0:
            raise AssertionError(f"{' '.join(argv)} ended with {done.returncode}\n{done.stdout}\n{done.stderr}")
        return done

    def cli(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        return self.run("blissful-infra", *arguments, check=check)

    def service(self, name: str) -> dict[str, Any]:
        """What `status` says of one service."""
        services = json.loads(self.cli("status", "-o", "json", check=False).stdout)["stacks"][0]["services"]
        return next(service for service in services if service["name"] == name)

    @functools.cached_property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.service('app')['port']}"

    def client(self) -> httpx.Client:
        return httpx.Client(base_url=self.url, timeout=10, trust_env=False)

    def stdout_lines(self) -> list[str]:
        """Each raw line that the application wrote."""
        if self.combination.runtime == "docker":
            text = self.run("docker", "logs", self.service("app")["container"]).stdout
        else:
            text = (self.folder / ".blissful/logs/app.log").read_text()
        return [line for line in text.splitlines() if line]

    def records(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.stdout_lines()]

    def kill(self, name: str) -> None:
        """End a service as a crash would."""
        self._signal(name, signal.SIGKILL)

    def freeze(self, name: str) -> None:
        """From now on the service holds its connections and never answers."""
        self._signal(name, signal.SIGSTOP)

    @contextmanager
    def frozen(self, name: str) -> Iterator[None]:
        """The same while the block runs."""
        self.freeze(name)
        try:
            yield
        finally:
            self.thaw(name)

    def thaw(self, name: str) -> None:
        """It answers again; what is stopped when its stack goes would stay behind."""
        self._signal(name, signal.SIGCONT)

    def _signal(self, name: str, number: signal.Signals) -> None:
        service = self.service(name)
        if self.combination.runtime == "docker":
            verb = {signal.SIGKILL: "kill", signal.SIGSTOP: "pause", signal.SIGCONT: "unpause"}[number]
            self.run("docker", verb, service["container"])
            return
        parent = psutil.Process(service["pid"])
        for process in [parent, *parent.children(recursive=True)]:
            os.kill(process.pid, number)


def eventually(observe: Callable[[], T], wanted: Callable[[T], bool], *, within: float) -> T:
    """Observe until it is as wanted; the last observation is returned, or shown in the failure."""
    deadline = time.monotonic() + within
    while True:
        seen = observe()
        if wanted(seen):
            return seen
        if time.monotonic() > deadline:
            raise AssertionError(f"not seen within {within} s; the last observation was {seen!r}")
        time.sleep(0.2)
