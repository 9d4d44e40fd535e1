"""Up and down as one call each: the playbook, and what has to be undone when it is interrupted."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from blissful_infra.runs.playbook import run_playbook
from blissful_infra.runs.result import OnEvent, RunEvent, RunResult
from blissful_infra.runs.run_id import new_run_id
from blissful_infra.settings.reading import load_project
from blissful_infra.stacks.undoing import undo


def up(
    project_file: Path,
    *,
    on_event: OnEvent = lambda event: None,
    runtime: str | None = None,
    strict_ports: bool = False,
    lock_wait_s: float = 0,
    timeout_s: float | None = None,
    check: bool = False,
    cancelled: Callable[[], bool] = lambda: False,
) -> RunResult:
    """Bring the project's stack up. An interrupted run is undone: the notice event says what still runs."""
    variables: dict[str, Any] = {"local_stack_strict_ports": strict_ports, "local_stack_lock_wait": lock_wait_s}
    if runtime:
        variables["local_stack_runtime"] = runtime
    if timeout_s is not None:
        variables["local_stack_timeout"] = timeout_s
    return _run("up", project_file, variables, on_event, check=check, cancelled=cancelled)


def down(
    project_file: Path,
    *,
    on_event: OnEvent = lambda event: None,
    remove_data: bool = False,
    lock_wait_s: float = 0,
    check: bool = False,
    cancelled: Callable[[], bool] = lambda: False,
) -> RunResult:
    """Take the project's stack down; its data stays unless `remove_data`."""
    variables = {"local_stack_remove_data": remove_data, "local_stack_lock_wait": lock_wait_s}
    return _run("down", project_file, variables, on_event, check=check, cancelled=cancelled)


def _run(
    verb: str,
    project_file: Path,
    variables: Mapping[str, Any],
    on_event: OnEvent,
    *,
    check: bool,
    cancelled: Callable[[], bool],
) -> RunResult:
    state = load_project(project_file).state
    run_id = new_run_id(verb)
    result = run_playbook(
        verb,
        project_file=project_file,
        variables=variables,
        on_event=on_event,
        check=check,
        cancelled=cancelled,
        run_id=run_id,
        max_age_days=state.max_age_days,
        max_size_mb=state.max_size_mb,
    )
    if result.status == "canceled":
        undone = undo(project_file, run_id=run_id)
        if undone:
            on_event(RunEvent("notice", {"v": 1, "notice": f"interrupted: {undone}"}))
    return result
