"""The docker runtime: what the engine says of a project's containers. Starting is Compose's work, in the playbooks."""

from collections.abc import Sequence
from datetime import UTC, datetime

from blissful_infra.stacks.docker.compose import tag_of
from blissful_infra.stacks.docker.containers import (
    STOP_WITHIN_S,
    containers_of,
    end_compose,
    remove_containers,
    remove_networks,
)
from blissful_infra.stacks.docker.engine import DockerUnreachableError, connected
from blissful_infra.stacks.docker.inspection import (
    PROJECT,
    Container,
    awaited_jobs,
    detail_of,
    health_of,
    uptime_of,
)
from blissful_infra.stacks.probes import probe, served_version
from blissful_infra.stacks.stack import Health, Kind, LogSource, ServicePlan, ServiceStatus, StackPlan, title_of


def project_name(plan: StackPlan) -> str:
    """The Compose project: told apart from other checkouts by the folder's hash."""
    return f"{plan.name}-{plan.stack_id}"


class DockerRuntime:
    """Containers of one Compose project, through the Docker SDK."""

    name = "docker"

    def observe(self, plan: StackPlan) -> tuple[ServiceStatus, ...]:
        """Every planned service, and whatever else the project's compose.yaml has started."""
        try:
            with connected() as client:
                found = {container.service: container for container in containers_of(client, project_name(plan))}
        except DockerUnreachableError as error:
            return tuple(
                ServiceStatus(service.name, service.title, service.kind, self.name, Health.UNKNOWN, error.message)
                for service in plan.services
            )
        now = datetime.now(UTC)
        awaited = awaited_jobs(found.values())
        others = [
            _unplanned(container, plan, may_end=container.service in awaited or container.is_done)
            for name, container in sorted(found.items())
            if name not in plan.names
        ]
        return tuple(_status(service, found.get(service.name), now) for service in (*plan.services, *others))

    def start(self, plan: StackPlan, names: Sequence[str]) -> None:
        """Nothing: Compose has started everything, in order."""

    def stop(self, plan: StackPlan, names: Sequence[str] | None = None) -> tuple[str, ...]:
        """Remove these services' containers, applications first; with all of them, the project's networks too."""
        end_compose(project_name(plan))
        with connected(timeout_s=STOP_WITHIN_S + 10) as client:
            found = [
                container
                for container in containers_of(client, project_name(plan))
                if names is None or container.service in names
            ]
            applications = {service.name for service in plan.services if service.kind is Kind.APPLICATION}
            remove_containers(client, [container for container in found if container.service in applications])
            remove_containers(client, [container for container in found if container.service not in applications])
            if names is None:
                remove_networks(client, project_name(plan))
        return tuple(container.service for container in found if container.state in ("running", "paused", "restarting"))

    def remove_data(self, plan: StackPlan) -> bool:
        """Remove the project's named volumes."""
        with connected() as client:
            volumes = client.volumes.list(filters={"label": f"{PROJECT}={project_name(plan)}"})
            for volume in volumes:
                volume.remove()
        return bool(volumes)

    def log_sources(self, plan: StackPlan) -> tuple[LogSource, ...]:
        """One container each, in the order of the plan, then what compose.yaml adds; nothing where none exists."""
        with connected() as client:
            found = {container.service: container for container in containers_of(client, project_name(plan))}
        order = [*(name for name in plan.names if name in found), *sorted(found.keys() - set(plan.names))]
        return tuple(LogSource(name, title_of(name), container=found[name].name) for name in order)

    def last_lines(self, plan: StackPlan, name: str, count: int = 20) -> tuple[str, ...]:
        """The end of a container's stdout and stderr, as they came."""
        with connected() as client:
            for container in containers_of(client, project_name(plan)):
                if container.service == name:
                    raw = client.api.logs(container.id, stdout=True, stderr=True, tail=count)
                    return tuple(raw.decode(errors="replace").splitlines())
        return ()


def _status(service: ServicePlan, container: Container | None, now: datetime) -> ServiceStatus:
    if container is None:
        return ServiceStatus(
            service.name, service.title, service.kind, "docker", Health.STOPPED, version=service.version
        )
    health = Health(health_of(container, now, may_end=service.kind is Kind.JOB))
    if health is Health.STARTING and container.state == "running" and service.port and probe(service) is None:
        health = Health.HEALTHY  # seconds before the image's own check comes round
    planned_application = service.health_path is not None
    served = served_version(service) if planned_application and health is Health.HEALTHY else None
    return ServiceStatus(
        name=service.name,
        title=service.title,
        kind=service.kind,
        runtime="docker",
        health=health,
        detail=detail_of(container) or None,
        version=served or (None if planned_application else tag_of(container.image)),
        port=service.port or next(iter(container.ports.values()), None),
        url=service.url,
        container=container.name,
        uptime_s=uptime_of(container, now) if container.state == "running" else None,
        restarts=container.restarts,
        exit_code=container.exit_code if container.has_ended else None,
    )


def _unplanned(container: Container, plan: StackPlan, *, may_end: bool) -> ServicePlan:
    """A service that only compose.yaml knows."""
    kind = Kind.JOB if may_end else Kind.APPLICATION
    return ServicePlan(
        container.service, title_of(container.service), kind, (), plan.state_dir / "logs" / f"{container.service}.log"
    )
