"""The docker runtime: what the engine says of a project's containers. Starting is Compose's work, in the playbooks.

Containers are found by the label Compose gives them, so that nothing here needs the project's files to be there still.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from blissful_infra.stacks.docker_containers import (
    ONE_OFF,
    PROJECT,
    Container,
    detail_of,
    health_of,
    uptime_of,
)
from blissful_infra.stacks.docker_engine import DockerUnreachableError, connected
from blissful_infra.stacks.stack import Health, Kind, LogSource, ServicePlan, ServiceStatus, StackPlan, title_of

if TYPE_CHECKING:
    from docker import DockerClient

STOP_WITHIN_S = 20
"""What the service contract allows for a clean stop."""


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
                found = containers_of(client, project_name(plan))
        except DockerUnreachableError as error:
            return tuple(unknown(service, error.message) for service in plan.services)
        now = datetime.now(UTC)
        by_service = {container.service: container for container in found}
        planned = [status_of(service, by_service.get(service.name), now) for service in plan.services]
        others = [
            status_of(added(name, plan), container, now)
            for name, container in sorted(by_service.items())
            if name not in plan.names
        ]
        return (*planned, *others)

    def start(self, plan: StackPlan, names: Sequence[str]) -> None:
        """Nothing: Compose has started everything, in order."""

    def stop(self, plan: StackPlan, names: Sequence[str] | None = None) -> tuple[str, ...]:
        """Remove these services' containers, applications first; with all of them, the project's networks too."""
        with connected(timeout_s=STOP_WITHIN_S + 10) as client:
            found = [
                container
                for container in containers_of(client, project_name(plan))
                if names is None or container.service in names
            ]
            running = tuple(container.service for container in found if container.state in ("running", "restarting"))
            applications = {service.name for service in plan.services if service.kind is Kind.APPLICATION}
            for group in (
                [container for container in found if container.service in applications],
                [container for container in found if container.service not in applications],
            ):
                with ThreadPoolExecutor(max_workers=8) as pool:
                    list(pool.map(lambda container: remove(client, container), group))
            if names is None:
                for network in client.networks.list(filters={"label": f"{PROJECT}={project_name(plan)}"}):
                    network.remove()
        return running

    def remove_data(self, plan: StackPlan) -> bool:
        """Remove the project's named volumes."""
        with connected() as client:
            volumes = client.volumes.list(filters={"label": f"{PROJECT}={project_name(plan)}"})
            for volume in volumes:
                volume.remove()
        return bool(volumes)

    def log_sources(self, plan: StackPlan) -> tuple[LogSource, ...]:
        """One container each, in the order of the plan, then what compose.yaml adds; nothing when none exists."""
        with connected() as client:
            by_service = {container.service: container for container in containers_of(client, project_name(plan))}
        order = [*(name for name in plan.names if name in by_service), *sorted(by_service.keys() - set(plan.names))]
        return tuple(LogSource(name, title_of(name), container=by_service[name].name) for name in order)

    def last_lines(self, plan: StackPlan, name: str, count: int = 20) -> tuple[str, ...]:
        """The end of a container's stdout and stderr, as they came."""
        with connected() as client:
            for container in containers_of(client, project_name(plan)):
                if container.service == name:
                    raw = client.api.logs(container.id, stdout=True, stderr=True, tail=count)
                    return tuple(raw.decode(errors="replace").splitlines())
        return ()


def containers_of(client: "DockerClient", project: str) -> tuple[Container, ...]:
    """The project's containers, one-off `docker compose run` ones left out; one that goes meanwhile is left out too."""
    from docker.errors import NotFound

    found = []
    for listed in client.api.containers(all=True, filters={"label": [f"{PROJECT}={project}", f"{ONE_OFF}=False"]}):
        try:
            found.append(Container.of(client.api.inspect_container(listed["Id"])))
        except NotFound:
            continue
    return tuple(found)


def remove(client: "DockerClient", container: Container) -> None:
    """Stop it as the service contract allows, then remove it with its unnamed volumes."""
    from docker.errors import NotFound

    try:
        client.api.stop(container.id, timeout=STOP_WITHIN_S)
        client.api.remove_container(container.id, v=True, force=True)
    except NotFound:
        return


def status_of(service: ServicePlan, container: Container | None, now: datetime) -> ServiceStatus:
    """What is known of one service; without a container it is stopped."""
    if container is None:
        return ServiceStatus(
            service.name, service.title, service.kind, "docker", Health.STOPPED, version=service.version
        )
    health = Health(health_of(container, now, may_end=service.kind is Kind.JOB))
    running = container.state == "running"
    return ServiceStatus(
        name=service.name,
        title=service.title,
        kind=service.kind,
        runtime="docker",
        health=health,
        detail=detail_of(container) or None,
        version=service.version or tag_of(container.image),
        port=service.port or next(iter(container.ports.values()), None),
        url=service.url,
        container=container.name,
        uptime_s=uptime_of(container, now) if running else None,
        restarts=container.restarts,
        exit_code=None if container.state in ("running", "created", "paused") else container.exit_code,
    )


def unknown(service: ServicePlan, reason: str) -> ServiceStatus:
    """A service of which nothing can be seen."""
    return ServiceStatus(service.name, service.title, service.kind, "docker", Health.UNKNOWN, detail=reason)


def added(name: str, plan: StackPlan) -> ServicePlan:
    """A service that only compose.yaml knows: it may be a job, so a clean end is no fault."""
    return ServicePlan(name, title_of(name), Kind.JOB, (), plan.state_dir / "logs" / f"{name}.log")


def tag_of(image: str) -> str | None:
    """The tag of an image reference.

    >>> tag_of("registry.example:5000/team/app:1.2"), tag_of("redis")
    ('1.2', None)
    """
    _, _, last = image.partition("@")[0].rpartition("/")
    return last.partition(":")[2] or None
