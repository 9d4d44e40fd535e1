"""What the agent looks at in a project: its logs, its runs, its repository, and its stack as it is now."""

from datetime import UTC, datetime
from pathlib import Path

from agent.collectors.docker_logs import DockerLogs
from agent.collectors.git_commits import GitCommits
from agent.collectors.process_logs import ProcessLogs
from agent.collectors.run_events import RunEvents
from agent.collectors.service_states import ServiceStates
from agent.collectors.unreachable import Unreachable
from agent.domain import Health, ServiceState
from agent.errors import BlissfulError
from agent.ports import Collector
from blissful_infra.cli.log_sources import sources_of
from blissful_infra.stacks.docker.engine import connected
from blissful_infra.stacks.planning import Project, saved_plan
from blissful_infra.stacks.stack import Kind, LogSource
from blissful_infra.stacks.status import status_of

WITHIN_S = 10


class StackStates:
    """The stack's status as `agent.ports.StackObserver`."""

    def __init__(self, project: Project) -> None:
        self._project = project

    def observe(self) -> tuple[ServiceState, ...]:
        """Every service of the stack; a job that waits for its turn is no service."""
        plan = saved_plan(self._project)
        needs = {service.name: service.needs for service in plan.services}
        jobs = {service.name for service in plan.services if service.kind is Kind.JOB}
        return tuple(
            ServiceState(
                name=status.name,
                title=status.title,
                health=Health(status.health),
                detail=status.detail or "",
                url=status.url if status.kind == Kind.APPLICATION else None,
                needs=tuple(need for need in needs.get(status.name, ()) if need not in jobs),
            )
            for status in status_of(self._project.settings.project_file).services
            if status.kind != Kind.JOB or status.health.value == Health.UNHEALTHY
        )


def collectors_of(project: Project) -> tuple[Collector, ...]:
    """One collector a source, in the order in which an answer names them."""
    return (
        logs_of(project),
        RunEvents(project.state_dir / "events"),
        ServiceStates(StackStates(project), lambda: datetime.now(UTC)),
        GitCommits(project.folder),
    )


def services_of(project: Project) -> tuple[str, ...]:
    """The names a question may use."""
    return tuple(service.name for service in saved_plan(project).services if service.kind is not Kind.JOB)


def secrets_of(project: Project) -> tuple[str, ...]:
    """The values of the project's generated passwords, which no model is to see."""
    try:
        lines = (project.state_dir / "secrets.env").read_text(encoding="utf-8").splitlines()
    except OSError:
        return ()
    return tuple(line.partition("=")[2].strip() for line in lines if "=" in line)


def logs_of(project: Project) -> Collector:
    """The collector of what the services wrote, on whichever runtime."""
    try:
        sources = sources_of(project)
    except BlissfulError as error:
        return Unreachable("logs", error.message)
    if containers := {source.service: source.container for source in sources if source.container}:
        return DockerLogs(containers, lambda: connected(timeout_s=WITHIN_S))
    return ProcessLogs(_files(sources), zone=datetime.now(UTC).astimezone().tzinfo or UTC)


def _files(sources: tuple[LogSource, ...]) -> dict[str, tuple[Path, ...]]:
    return {source.service: source.files for source in sources}
