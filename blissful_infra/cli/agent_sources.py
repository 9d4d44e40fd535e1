"""What the agent looks at in a project: its logs, its runs, its repository, and its stack as it is now."""

from datetime import UTC, datetime
from pathlib import Path

from agent.collectors.docker_logs import DockerLogs
from agent.collectors.git_commits import GitCommits
from agent.collectors.process_logs import ProcessLogs
from agent.collectors.run_events import RunEvents
from agent.collectors.service_states import ServiceStates
from agent.collectors.unreachable import Unreachable
from agent.errors import BlissfulError
from agent.ports import Collector
from blissful_infra.cli.log_sources import sources_of
from blissful_infra.evidence.stack_states import StackStates
from blissful_infra.stacks.docker.engine import connected
from blissful_infra.stacks.planning import Project, saved_plan
from blissful_infra.stacks.stack import Kind, LogSource

WITHIN_S = 10


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
