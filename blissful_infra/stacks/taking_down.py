"""Takes a stack down: stops what belongs to this project and nothing else; its data stays unless asked for."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from blissful_infra.stacks.leftovers import mend_deleted_folders
from blissful_infra.stacks.planning import Project, read_project, saved_plan
from blissful_infra.stacks.runtimes import runtime_of
from blissful_infra.stacks.stack import StackPlan
from blissful_infra.stacks.state import lock, registry
from blissful_infra.stacks.state.boot import controller_pid
from blissful_infra.stacks.state.journal import Journal
from blissful_infra.stacks.state.stack_file import forget_stack


@dataclass(frozen=True, slots=True)
class TakenDown:
    """What was stopped, whether data was removed, and what else was found."""

    stopped: tuple[str, ...]
    data_removed: bool
    notices: tuple[str, ...] = ()


def open_down(project_file: Path, run_id: str, lock_wait_s: float, *, check: bool = False) -> dict[str, Any]:
    """Take the lock and begin the journal; what the roles read: the runtime that has to be taken down, and where."""
    project = read_project(project_file)
    if not check:
        lock.acquire(project.state_dir, verb="down", run_id=run_id, pid=controller_pid(), wait_s=lock_wait_s)
        Journal(project.state_dir).begin(run_id, "down")
    plan = saved_plan(project)
    return {
        "name": plan.name,
        "runtime": plan.runtime,
        "stack_id": plan.stack_id,
        "project_dir": str(plan.project_dir),
        "state_dir": str(plan.state_dir),
        "ports": dict(plan.ports),
    }


def take_down(project_file: Path, *, remove_data: bool = False, check: bool = False) -> TakenDown:
    """Stop the stack's services; in check mode only say which."""
    project = read_project(project_file)
    plan = saved_plan(project)
    stopped: list[str] = []
    removed = False
    notices = [] if check else mend_deleted_folders()
    for name in runtimes_in_use(project, plan):
        runtime = runtime_of(name)
        if check:
            stopped += [status.name for status in runtime.observe(plan) if status.uptime_s is not None]
            continue
        stopped += runtime.stop(plan)
        removed = (remove_data and runtime.remove_data(plan)) or removed
    return TakenDown(tuple(stopped), removed, tuple(notices))


def runtimes_in_use(project: Project, plan: StackPlan) -> tuple[str, ...]:
    """The runtime that `up` wrote down; where nothing is written down, each that could have been used."""
    if project.stack:
        return (project.stack.runtime,)
    seen = runtime_of("docker").observe(plan)
    return ("process", "docker") if all(status.health != "unknown" for status in seen) else ("process",)


def forget(project_file: Path) -> None:
    """Forget the stack: it is down."""
    project = read_project(project_file)
    forget_stack(project.state_dir)
    registry.forget(project.stack_id)


def close_run(project_file: Path, *, outcome: str) -> None:
    """End the journal and give the lock back, however the run went."""
    project = read_project(project_file)
    Journal(project.state_dir).end(outcome)
    lock.release(project.state_dir, pid=controller_pid())
