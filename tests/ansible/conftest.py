"""A tiny project whose stack is started for real, and everything ended afterwards."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from blissful_infra.paths import stack_id, state_dir
from blissful_infra.settings.reading import load_project
from blissful_infra.stacks.ports import listens_nowhere, wishes_of
from blissful_infra.stacks.process.sweep import marked
from blissful_infra.stacks.stack import ServiceStatus, StackStatus
from blissful_infra.stacks.state.files import write_json
from blissful_infra.stacks.status import status_of
from tests.ports import free_ports

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
TINY = ROOT / "tests" / "fixtures" / "apps" / "tiny"


class Project:
    """One tiny project; `play` runs a playbook on it as a user would."""

    def __init__(self, folder: Path, *, backing: tuple[str, ...] = ("postgres", "redis")) -> None:
        self.folder = folder
        self.plays: list[subprocess.Popen[str]] = []
        shutil.copytree(TINY, folder, ignore=shutil.ignore_patterns("__pycache__"))
        (self.port,) = free_ports(1)
        self.write(port=self.port, needs=backing)
        if backing:
            self._spread()

    @property
    def file(self) -> Path:
        return self.folder / "blissful-infra.yaml"

    @property
    def state(self) -> Path:
        return state_dir(self.folder)

    @property
    def stack_id(self) -> str:
        return stack_id(self.folder)

    def write(
        self, *, port: int, needs: tuple[str, ...] = (), run: object = "python3 app.py", build: object = None
    ) -> None:
        versions = {"postgres": "18", "kafka": "4.1", "redis": "9"}
        app: dict[str, Any] = {"port": port, "run": run, "needs": list(needs)}
        if build is not None:
            app["build"] = build
        document = {
            "name": "tiny",
            "services": {"app": app},
            "backing": {name: {"version": versions[name]} if name in needs else False for name in versions},
            "runtime": "process",
        }
        self.file.write_text(json.dumps(document))

    def _spread(self) -> None:
        """Save a free block of its own, so that stacks of other test runs are not met on the usual ports."""
        wishes = wishes_of(load_project(self.file))
        ports = wishes
        while ports == wishes or not all(listens_nowhere(port) for port in ports.values()):
            shift = random.randrange(500, 65_000 - max(wishes.values()))
            ports = {name: port + shift for name, port in wishes.items()}
        self.port = ports["app"]
        write_json(self.state / "ports.json", {"v": 1, "project": str(self.folder), "ports": ports})

    def start(self, verb: str | Path, *arguments: str) -> "subprocess.Popen[str]":
        """Begin a verb's playbook, or one of the test's own; what it says can be read at once."""
        playbook = str(verb) if isinstance(verb, Path) else f"playbooks/{verb}.yml"
        play = subprocess.Popen(
            [str(BIN / "ansible-playbook"), playbook, "-i", str(self.file), *arguments],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", "PYTHONUNBUFFERED": "1"},
        )
        self.plays.append(play)
        return play

    def play(self, verb: str, *arguments: str, expect: int = 0) -> str:
        """Everything the playbook said."""
        process = self.start(verb, *arguments)
        out, _ = process.communicate(timeout=110)
        assert process.returncode == expect, out
        return out

    def status(self) -> StackStatus:
        return status_of(self.file)

    def service(self, name: str) -> ServiceStatus:
        return next(service for service in self.status().services if service.name == name)

    def kill(self, name: str) -> None:
        os.kill(int(self.service(name).pid or 0), signal.SIGKILL)

    def supervisor_pid(self) -> int:
        return int((self.state / "process" / "supervisord.pid").read_text())

    def processes(self) -> list[psutil.Process]:
        return marked(self.stack_id)

    def end(self) -> None:
        """Kill whatever is left, and only that."""
        for play in self.plays:
            if play.poll() is None:
                play.kill()
                play.communicate()
        for process in self.processes():
            process.kill()


def changed_in(out: str) -> int:
    """The `changed=` figure of the host `local`."""
    recap = next(line for line in out.splitlines() if line.startswith("local "))
    return int(recap.split("changed=")[1].split()[0])


def eventually(true: Callable[[], object], *, within: float = 20) -> None:
    deadline = time.monotonic() + within
    while not true():
        assert time.monotonic() < deadline, "did not come true"
        time.sleep(0.1)


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """A project with real Postgres and Redis, on free ports; the wished backing ports may be taken by others."""
    project = Project(tmp_path / "svc")
    yield project
    project.end()


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Project]:
    """A project of one service and no backing server: what it takes to test the machinery."""
    project = Project(tmp_path / "svc", backing=())
    yield project
    project.end()
