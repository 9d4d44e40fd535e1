"""How a project's stack is, and every stack of this machine: read only, and quick."""

from pathlib import Path

from agent.errors import BlissfulError
from blissful_infra.paths import PROJECT_FILE
from blissful_infra.stacks.leftovers import interrupted
from blissful_infra.stacks.planning import Project, read_project, saved_plan
from blissful_infra.stacks.runtimes import runtime_of
from blissful_infra.stacks.stack import Health, Kind, ServiceStatus, StackPlan, StackStatus, overall
from blissful_infra.stacks.state import registry


def status_of(project_file: Path) -> StackStatus:
    """The health of each service, asked of the service itself. Jobs are shown while they run and when they failed."""
    project = read_project(project_file)
    plan = saved_plan(project)
    seen = _seen(project, plan)
    shown = tuple(status for status in seen if status.kind != Kind.JOB or status.health is not Health.FINISHED)
    return StackStatus(
        name=plan.name,
        stack_id=plan.stack_id,
        project_dir=str(plan.project_dir),
        runtime=plan.runtime,
        health=overall(tuple(status.health for status in shown)),
        services=shown,
        notices=tuple(interrupted(project)),
    )


def status_of_all() -> tuple[StackStatus, ...]:
    """Every stack that `up` started on this machine and no `down` ended, those of deleted folders included."""
    return tuple(_of_registered(stack) for stack in registry.registered())


def _seen(project: Project, plan: StackPlan) -> tuple[ServiceStatus, ...]:
    if plan.runtime in {"docker", "process"}:
        return runtime_of(plan.runtime).observe(plan)
    return tuple(
        ServiceStatus(
            name=service.name,
            title=service.title,
            kind=service.kind,
            runtime=plan.runtime,
            health=Health.STOPPED,
            port=service.port,
        )
        for service in plan.services
    )


def _of_registered(stack: registry.Registered) -> StackStatus:
    def nothing_of(health: Health, notice: str) -> StackStatus:
        return StackStatus(stack.name, stack.stack_id, stack.project_dir, stack.runtime, health, (), (notice,))

    if not stack.folder_exists:
        hint = "its folder was deleted; the next `up` or `down` on this machine ends what is left of it"
        return nothing_of(Health.UNKNOWN, hint)
    try:
        return status_of(Path(stack.project_dir) / PROJECT_FILE)
    except BlissfulError as error:
        return nothing_of(Health.UNKNOWN, f"{error.message}")
