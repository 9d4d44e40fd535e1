"""Talks to a stack's supervisord over its Unix socket, starts one, and ends one."""

import contextlib
import http.client
import os
import socket
import subprocess
import sys
import time
import xmlrpc.client
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from blissful_infra.errors import RunFailedError
from blissful_infra.stacks.process.machine import search_path

ANSWER_WITHIN_S = 2.0
BORN_WITHIN_S = 10.0
GONE_WITHIN_S = 45.0
NO_WAIT = False
RUNNING_STATES = frozenset({"STARTING", "RUNNING", "STOPPING", "BACKOFF"})
MARK = "BLISSFUL_STACK"
"""The variable that every process of a stack carries; its value is the stack's id."""
SERVICE = "BLISSFUL_SERVICE"
"""The variable that says which service, or which build, a process belongs to."""

KEPT = frozenset({"BLISSFUL_CACHE", "BLISSFUL_OFFLINE"})


class SupervisorError(RunFailedError):
    """supervisord did not do what it was asked."""

    code = "supervisor-failed"


@dataclass(frozen=True, slots=True)
class ProgramState:
    """What supervisord knows of one program; `exit_code` counts once it has ended."""

    name: str
    state: str
    pid: int
    uptime_s: float
    exit_code: int
    error: str
    ran: bool

    @property
    def running(self) -> bool:
        """Whether its process is there."""
        return self.state in RUNNING_STATES


class _Connection(http.client.HTTPConnection):
    def __init__(self, path: str) -> None:
        super().__init__("localhost", timeout=ANSWER_WITHIN_S)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(ANSWER_WITHIN_S)
        self.sock.connect(self._path)


class _Transport(xmlrpc.client.Transport):
    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = str(path)

    def make_connection(self, host: Any) -> http.client.HTTPConnection:
        connection = _Connection(self._path)
        self._connection = (host, connection)  # where the base class looks for what it has to close
        return connection


class Supervisor:
    """The supervisord of one stack, found by its socket."""

    def __init__(self, socket_path: Path, config: Path, stack_id: str) -> None:
        self.socket = socket_path
        self.config = config
        self.stack_id = stack_id

    def _call(self, method: str, *arguments: object) -> Any:
        proxy = xmlrpc.client.ServerProxy("http://localhost/RPC2", transport=_Transport(self.socket))
        with proxy:
            return getattr(proxy.supervisor, method)(*arguments)

    def pid(self) -> int | None:
        """Its process id, or None when it does not answer."""
        if not self.socket.exists():
            return None
        with contextlib.suppress(OSError, http.client.HTTPException, xmlrpc.client.Error):
            return cast(int, self._call("getPID"))
        return None

    def programs(self) -> dict[str, ProgramState]:
        """Every program and its state; OSError when it does not answer."""
        try:
            found = self._call("getAllProcessInfo")
        except (http.client.HTTPException, xmlrpc.client.Error) as error:
            raise ConnectionError(str(error)) from error
        return {info["name"]: _state_of(info) for info in found}

    def ensure(self) -> bool:
        """Start it where it does not run, else make it read its file again; whether it was started."""
        if self.pid() is not None:
            self._reload()
            return False
        self._spawn()
        return True

    def start(self, name: str) -> None:
        """Start one program without waiting."""
        try:
            self._call("startProcess", name, NO_WAIT)
        except xmlrpc.client.Fault as fault:
            if "ALREADY_STARTED" not in fault.faultString:
                raise SupervisorError(f"supervisord could not start {name}: {fault.faultString}") from fault

    def stop(self, name: str) -> None:
        """Stop one program and wait until it has ended."""
        deadline = time.monotonic() + GONE_WITHIN_S
        with contextlib.suppress(xmlrpc.client.Fault):
            self._call("stopProcess", name, NO_WAIT)
        while self.programs()[name].running:
            if time.monotonic() > deadline:
                raise SupervisorError(f"{name} did not end within {GONE_WITHIN_S:g} s")
            time.sleep(0.05)

    def shutdown(self) -> None:
        """End every program, in reverse order of priority, then itself."""
        with contextlib.suppress(OSError, http.client.HTTPException, xmlrpc.client.Error):
            self._call("shutdown")
        deadline = time.monotonic() + GONE_WITHIN_S
        while self.socket.exists() and self.pid() is not None:
            if time.monotonic() > deadline:
                raise SupervisorError(f"supervisord did not end within {GONE_WITHIN_S:g} s")
            time.sleep(0.05)

    def _reload(self) -> None:
        """What `supervisorctl update` does: changed and removed programs end, changed and new ones are known."""
        try:
            ((added, changed, removed),) = self._call("reloadConfig")
        except xmlrpc.client.Fault as fault:
            raise SupervisorError(f"supervisord refused its configuration: {fault.faultString}") from fault
        for name in (*changed, *removed):
            self.stop(name)
            self._call("removeProcessGroup", name)
        for name in (*added, *changed):
            self._call("addProcessGroup", name)

    def _spawn(self) -> None:
        self.socket.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if self.socket.parent.stat().st_uid != os.geteuid():
            raise SupervisorError(
                f"{self.socket.parent} belongs to another user", hint="set XDG_RUNTIME_DIR to a private folder"
            )
        self.socket.unlink(missing_ok=True)
        done = subprocess.run(
            [sys.executable, "-m", "supervisor.supervisord", "-c", str(self.config)],
            env=child_environment(dict(os.environ), self.stack_id),
            cwd=self.config.parent,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            start_new_session=True,
        )
        if done.returncode != 0:
            raise SupervisorError(f"supervisord did not start: {done.stdout.strip()[-500:]}")
        deadline = time.monotonic() + BORN_WITHIN_S
        while self.pid() is None:
            if time.monotonic() > deadline:
                log = self.config.parent / "supervisord.log"
                raise SupervisorError("supervisord started, but does not answer", context={"log": str(log)})
            time.sleep(0.02)


def child_environment(inherited: Mapping[str, str], stack_id: str) -> dict[str, str]:
    """What services inherit: the person's own variables, without Ansible's and ours, and the stack's mark."""
    kept = {
        name: value
        for name, value in inherited.items()
        if not name.startswith(("ANSIBLE_", "BLISSFUL_", "AWX_", "RUNNER_")) or name in KEPT
    }
    return {**kept, "PATH": search_path(), MARK: stack_id}


def _state_of(info: Mapping[str, Any]) -> ProgramState:
    running = info["statename"] in RUNNING_STATES
    return ProgramState(
        name=info["name"],
        state=info["statename"],
        pid=info["pid"],
        uptime_s=max(0.0, float(info["now"] - info["start"])) if running else 0.0,
        exit_code=info["exitstatus"],
        error=info["spawnerr"],
        ran=info["start"] > 0,
    )
