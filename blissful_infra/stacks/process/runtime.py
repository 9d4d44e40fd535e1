"""The process runtime: real servers as ordinary processes under one supervisord a stack."""

import hashlib
import json
import shutil
import signal
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from blissful_infra.paths import content_root, socket_dir
from blissful_infra.stacks.probes import probe, served_version
from blissful_infra.stacks.process.log_tail import last_lines
from blissful_infra.stacks.process.supervisor import SERVICE, ProgramState, Supervisor
from blissful_infra.stacks.process.sweep import sweep
from blissful_infra.stacks.stack import Health, Kind, LogSource, ServicePlan, ServiceStatus, StackPlan
from blissful_infra.stacks.state.files import read_json, write_json

STARTING_FOR_S = 30.0
"""A running service that does not answer is starting at first, and unhealthy after this."""


class ProcessRuntime:
    """Runs the services of a plan under supervisord."""

    name = "process"

    def observe(self, plan: StackPlan) -> tuple[ServiceStatus, ...]:
        """Every service and build of the plan; each running one is asked whether it serves."""
        supervisor = supervisor_of(plan)
        try:
            states = supervisor.programs() if supervisor.socket.exists() else {}
        except OSError as error:
            return tuple(_status(service, Health.UNKNOWN, f"supervisord: {error}") for service in plan.services)
        starts = read_json(plan.state_dir / "stack.json").get("starts", {})
        with ThreadPoolExecutor(max_workers=8) as pool:
            return tuple(pool.map(lambda service: _seen(service, states.get(service.name), starts), plan.services))

    def start(self, plan: StackPlan, names: Sequence[str]) -> None:
        """Start these programs without waiting."""
        supervisor = supervisor_of(plan)
        for name in names:
            supervisor.start(name)

    def stop(self, plan: StackPlan, names: Sequence[str] | None = None) -> tuple[str, ...]:
        """Stop these programs; all of them means supervisord too, and what a killed one left."""
        supervisor = supervisor_of(plan)
        alive = supervisor.pid()
        states = supervisor.programs() if alive is not None else {}
        running = tuple(name for name, state in states.items() if state.running and (names is None or name in names))
        if names is not None:
            for name in reversed([name for name in plan.names if name in running]):
                supervisor.stop(name)
            return running
        if alive is not None:
            supervisor.shutdown()
        left = sweep(plan.stack_id)
        shutil.rmtree(supervisor.socket.parent, ignore_errors=True)
        return running or left

    def remove_data(self, plan: StackPlan) -> bool:
        """Delete the servers' data, and supervisord's own files."""
        existed = (plan.process_dir / "data").is_dir()
        shutil.rmtree(plan.process_dir, ignore_errors=False) if plan.process_dir.is_dir() else None
        return existed

    def log_sources(self, plan: StackPlan) -> tuple[LogSource, ...]:
        """Each service's log file, rotated ones first."""
        return tuple(LogSource(s.name, s.title, _rotated(s.log_file)) for s in plan.services)

    def last_lines(self, plan: StackPlan, name: str, count: int = 20) -> tuple[str, ...]:
        """The end of the service's log file."""
        return last_lines(plan.service(name).log_file, count)


def supervisor_of(plan: StackPlan) -> Supervisor:
    """The supervisord of this plan, running or not."""
    return Supervisor(
        socket_dir(plan.project_dir) / "supervisor.sock", plan.process_dir / "supervisord.conf", plan.stack_id
    )


def programs_of(plan: StackPlan) -> dict[str, dict[str, Any]]:
    """What `launch.py` reads, by program. Secrets by name only."""
    return {
        service.name: {
            "argv": list(service.argv),
            "directory": str(service.directory or plan.process_dir),
            "environment": {**service.environment, SERVICE: service.name},
            "secrets": list(service.secrets),
            "secrets_file": str(plan.secrets_file),
            "death_signal": int(signal.Signals[f"SIG{service.stop_signal}"]),
        }
        for service in plan.services
    }


def supervised(plan: StackPlan, *, python: str, launcher: Path) -> dict[str, Any]:
    """The variables of the role's template `supervisord.conf.j2`.

    A program's digest stands in its environment, so that supervisord sees a program as changed when its command is.
    """
    programs = programs_of(plan)
    supervisor = supervisor_of(plan)
    variables: dict[str, Any] = {
        "socket": str(supervisor.socket),
        "folder": str(plan.process_dir),
        "identifier": f"{plan.name}-{plan.stack_id}",
        "command": [python, "-I", str(launcher), str(plan.process_dir / "programs.json")],
        "programs": [
            {
                "name": service.name,
                "stop_signal": service.stop_signal,
                "priority": 10 * (position + 1),
                "log": str(service.log_file),
                "digest": digest_of(programs[service.name]),
            }
            for position, service in enumerate(plan.services)
        ],
    }
    template = content_root() / "roles" / "local_stack" / "templates" / "supervisord.conf.j2"
    return {**variables, "digest": digest_of({"variables": variables, "template": template.read_text("utf-8")})}


def is_configured(plan: StackPlan, digest: str) -> bool:
    """Whether supervisord's file already says this: rendering it anew costs a second."""
    try:
        return f"digest: {digest}" in supervisor_of(plan).config.read_text(encoding="utf-8")
    except OSError:
        return False


def digest_of(program: Mapping[str, Any]) -> str:
    """Changes exactly when the program has to be restarted."""
    return hashlib.sha256(json.dumps(program, sort_keys=True).encode()).hexdigest()[:16]


def write_programs(plan: StackPlan) -> None:
    """Write the commands that `launch.py` reads, and make the folder of the log files."""
    write_json(plan.process_dir / "programs.json", programs_of(plan))
    (plan.state_dir / "logs").mkdir(parents=True, exist_ok=True, mode=0o700)


def _seen(service: ServicePlan, state: ProgramState | None, starts: Mapping[str, int]) -> ServiceStatus:
    if service.kind is Kind.JOB:
        return _job(service, state)
    if state is None or not state.ran:
        return _status(service, Health.STOPPED)
    if not state.running:
        detail = _ending(state)
        health = Health.STOPPED if state.state == "STOPPED" else Health.UNHEALTHY
        return _status(service, health, detail, exit_code=state.exit_code)
    trouble = probe(service)
    health = Health.HEALTHY
    if trouble:
        health = Health.STARTING if state.uptime_s < STARTING_FOR_S else Health.UNHEALTHY
    version = service.version
    if service.kind is Kind.APPLICATION and not trouble:
        version = served_version(service)
    return _status(
        service,
        health,
        trouble,
        version=version,
        pid=state.pid,
        uptime_s=state.uptime_s,
        restarts=max(0, int(starts.get(service.name, 1)) - 1),
    )


def _job(service: ServicePlan, state: ProgramState | None) -> ServiceStatus:
    if state is None or not state.ran:
        return _status(service, Health.FINISHED)
    if state.running:
        return _status(service, Health.STARTING, "runs", pid=state.pid, uptime_s=state.uptime_s)
    if state.exit_code or state.state == "FATAL":
        return _status(service, Health.UNHEALTHY, _ending(state), exit_code=state.exit_code)
    return _status(service, Health.FINISHED, exit_code=0)


def _ending(state: ProgramState) -> str:
    if state.error and not state.error.startswith("Bad exit code"):
        return state.error
    return "was killed by a signal" if state.exit_code < 0 else f"ended with exit code {state.exit_code}"


def _status(
    service: ServicePlan,
    health: Health,
    detail: str | None = None,
    *,
    version: str | None = None,
    pid: int | None = None,
    uptime_s: float | None = None,
    restarts: int | None = None,
    exit_code: int | None = None,
) -> ServiceStatus:
    return ServiceStatus(
        name=service.name,
        title=service.title,
        kind=service.kind,
        runtime="process",
        health=health,
        detail=detail,
        version=version or service.version,
        port=service.port,
        url=service.url,
        pid=pid,
        uptime_s=uptime_s,
        restarts=restarts,
        exit_code=exit_code,
    )


def _rotated(log: Path) -> tuple[Path, ...]:
    older = sorted(log.parent.glob(f"{log.name}.*"), key=lambda path: -int(path.suffix[1:] or 0))
    return (*older, log)
