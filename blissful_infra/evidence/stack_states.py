"""A project's stack as the agent sees it."""

import time
from datetime import UTC, datetime

from agent.domain import Health, ServiceState
from blissful_infra.stacks.planning import Project, saved_plan
from blissful_infra.stacks.stack import Kind, ServiceStatus
from blissful_infra.stacks.status import status_of

_SHORTEST_SHA = 7


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
                version=status.version or "",
                revision=self._revision(status),
                since=None if status.uptime_s is None else datetime.fromtimestamp(time.time() - status.uptime_s, UTC),
                restarts=status.restarts or 0,
            )
            for status in status_of(self._project.settings.project_file).services
            if status.kind != Kind.JOB or status.health.value == Health.UNHEALTHY
        )

    def _revision(self, status: ServiceStatus) -> str:
        """The commit that an application was built from, where it was built from one."""
        build = self._project.stack.builds.get(status.name) if self._project.stack else None
        sha = (build.revision if build else "").partition("-")[0]
        return sha if len(sha) >= _SHORTEST_SHA and set(sha) <= set("0123456789abcdef") else ""
