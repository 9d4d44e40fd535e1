"""What an earlier command, a reboot or a deleted folder left behind: told, and mended by the next command."""

import contextlib
import shutil
import time
from pathlib import Path

from blissful_infra.paths import socket_dir
from blissful_infra.stacks.planning import Project
from blissful_infra.stacks.process.supervisor import Supervisor
from blissful_infra.stacks.process.sweep import sweep
from blissful_infra.stacks.runtimes import runtime_of
from blissful_infra.stacks.stack import StackPlan
from blissful_infra.stacks.state import registry
from blissful_infra.stacks.state.journal import Journal
from blissful_infra.stacks.state.stack_file import forget_stack


def mend(project: Project) -> list[str]:
    """End what no supervisor has, forget what is gone; what was found, one line each. The caller holds the lock."""
    told = [*_of_copies(project), *_of_interrupted_runs(project), *_of_the_supervisor(project)]
    return [*told, *mend_deleted_folders()]


def interrupted(project: Project) -> list[str]:
    """What `status` says of a run that never ended, and of a reboot; changes nothing."""
    told = []
    run = Journal(project.state_dir).open_run()
    if run:
        told.append(
            f"run {run.run_id} ({run.verb}, {_ago(run.began)}) was interrupted or still runs; "
            "`blissful-infra up` continues it, `blissful-infra down` ends it"
        )
    if project.stack and project.stack.before_reboot:
        told.append("the machine restarted since `up`; `blissful-infra up` starts the stack again")
    return told


def mend_deleted_folders() -> list[str]:
    """End the processes of stacks whose folder was deleted, and forget them."""
    told = []
    for stack in registry.registered():
        if stack.folder_exists:
            continue
        ended = _end_containers(stack) if stack.runtime == "docker" else _end_processes(stack)
        registry.forget(stack.stack_id)
        stopped = f"; stopped {', '.join(ended)}" if ended else ""
        told.append(f"the folder of stack {stack.name} ({stack.project_dir}) was deleted{stopped}")
    return told


def _end_containers(stack: registry.Registered) -> tuple[str, ...]:
    nothing = StackPlan(
        name=stack.name,
        stack_id=stack.stack_id,
        project_dir=Path(stack.project_dir),
        state_dir=Path(stack.state_dir),
        runtime=stack.runtime,
        reason="",
        services=(),
        ports={},
    )
    return runtime_of(stack.runtime).stop(nothing)


def _end_processes(stack: registry.Registered) -> tuple[str, ...]:
    sockets = socket_dir(Path(stack.project_dir))
    supervisor = Supervisor(sockets / "supervisor.sock", Path(stack.state_dir) / "process" / "x", stack.stack_id)
    running: tuple[str, ...] = ()
    if supervisor.pid() is not None:
        with contextlib.suppress(OSError):
            running = tuple(name for name, state in supervisor.programs().items() if state.running)
        supervisor.shutdown()
    left = sweep(stack.stack_id)
    shutil.rmtree(sockets, ignore_errors=True)
    return running or left


def _of_copies(project: Project) -> list[str]:
    if project.copied_from is None:
        return []
    forget_stack(project.state_dir)
    for name in ("ports.json", "lock.json", "journal.jsonl"):
        (project.state_dir / name).unlink(missing_ok=True)
    return [f"this folder is a copy of {project.copied_from}: it gets ports of its own"]


def _of_interrupted_runs(project: Project) -> list[str]:
    run = None if project.copied_from else Journal(project.state_dir).open_run()
    told = [f"run {run.run_id} ({run.verb}, {_ago(run.began)}) never ended: continuing from there"] if run else []
    if project.stack and project.stack.before_reboot:
        told.append("the machine restarted since `up`: starting everything again")
    return told


def _of_the_supervisor(project: Project) -> list[str]:
    """A supervisord that was killed leaves its programs and its socket behind."""
    supervisor = Supervisor(
        socket_dir(project.folder) / "supervisor.sock",
        project.state_dir / "process" / "supervisord.conf",
        project.stack_id,
    )
    alive = supervisor.pid()
    if alive is not None and not supervisor.config.exists():
        supervisor.shutdown()
        alive = None
    if alive is None and not supervisor.socket.exists() and project.stack is None:
        return []
    ended = sweep(project.stack_id, spare=alive)
    if alive is None:
        supervisor.socket.unlink(missing_ok=True)
    return [f"stopped what no supervisor had any more: {', '.join(ended)}"] if ended else []


def _ago(at: float) -> str:
    return f"{max(0.0, time.time() - at):.0f} s ago"
