"""Undoes an interrupted run: stops what it had begun to start, and says what still runs."""

import signal
import sys
from dataclasses import dataclass
from pathlib import Path

from agent.errors import BlissfulError
from blissful_infra.stacks.planning import read_project, saved_plan
from blissful_infra.stacks.process.runtime import supervisor_of
from blissful_infra.stacks.process.sweep import sweep
from blissful_infra.stacks.runtimes import runtime_of
from blissful_infra.stacks.state import lock, registry
from blissful_infra.stacks.state.journal import Journal
from blissful_infra.stacks.state.stack_file import forget_stack


@dataclass(frozen=True, slots=True)
class Undone:
    """What was stopped again, and what ran before the interrupted run and still does."""

    stopped: tuple[str, ...] = ()
    still_running: tuple[str, ...] = ()

    def __str__(self) -> str:
        stopped = f"stopped {', '.join(self.stopped)}" if self.stopped else "nothing had been started"
        return f"{stopped}; still running: {', '.join(self.still_running) or 'nothing'}"


def undo(project_file: Path, *, run_id: str) -> Undone | None:
    """Undo this run if it never ended; None when there is nothing to undo, or somebody alive is at it."""
    project = read_project(project_file)
    journal = Journal(project.state_dir)
    run = journal.open_run()
    if run is None or run.run_id != run_id:
        _give_back(project.state_dir, run_id)
        return None
    plan = saved_plan(project)
    runtime = runtime_of(plan.runtime)
    stopped: tuple[str, ...] = ()
    if run.verb == "up":
        stopped = runtime.stop(plan, run.started) if run.started else ()
    seen = runtime.observe(plan)
    still = tuple(status.name for status in seen if status.pid or status.uptime_s is not None)
    if plan.runtime == "process":
        sweep(plan.stack_id, spare=supervisor_of(plan).pid())
    if not still:
        runtime.stop(plan)
        forget_stack(plan.state_dir)
        registry.forget(plan.stack_id)
    journal.end("undone")
    _give_back(project.state_dir, run_id)
    return Undone(stopped, still)


def _give_back(state_dir: Path, run_id: str) -> None:
    holder = lock.holder_in(state_dir)
    if holder and holder.run_id == run_id:
        lock.release(state_dir, pid=holder.pid)


def main() -> None:
    """`python -m blissful_infra.stacks.undoing PROJECT_FILE RUN_ID`: after an interrupted plain `ansible-playbook`."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        undone = undo(Path(sys.argv[1]), run_id=sys.argv[2])
    except BlissfulError as error:
        sys.exit(f"the interrupted run could not be undone: {error.message}")
    if undone:
        sys.stderr.write(f"interrupted: {undone}\n")


if __name__ == "__main__":
    main()
