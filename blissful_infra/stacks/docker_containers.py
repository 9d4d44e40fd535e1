"""Finds and removes containers on the engine, by the labels Compose gives them, without any file of the project."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from blissful_infra.stacks.docker_engine import DockerUnreachableError, connected
from blissful_infra.stacks.docker_inspection import ONE_OFF, PROJECT, Container

if TYPE_CHECKING:
    from collections.abc import Iterable

    from docker import DockerClient

STOP_WITHIN_S = 20
"""What the service contract allows for a clean stop."""


@dataclass(frozen=True, slots=True)
class Publisher:
    """A container that publishes a port, and its Compose project where it has one."""

    name: str
    project: str | None


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


def container_publishing(port: int) -> Publisher | None:
    """The running container behind a port of this machine, where Docker's proxy listens and its pid tells nothing."""
    try:
        with connected() as client:
            listed = client.api.containers()
    except DockerUnreachableError:
        return None
    for container in listed:
        if any(published.get("PublicPort") == port for published in container["Ports"]):
            return Publisher(container["Names"][0].removeprefix("/"), container["Labels"].get(PROJECT))
    return None


def remove_containers(client: "DockerClient", containers: "Iterable[Container]") -> None:
    """Stop each as the service contract allows, all at once, and remove them with their unnamed volumes."""
    from docker.errors import NotFound

    def remove(container: Container) -> None:
        try:
            client.api.stop(container.id, timeout=STOP_WITHIN_S)
            client.api.remove_container(container.id, v=True, force=True)
        except NotFound:
            return

    with ThreadPoolExecutor(max_workers=8) as pool:
        list(pool.map(remove, containers))


def remove_networks(client: "DockerClient", project: str) -> None:
    """Remove the project's networks, which must have no containers any more."""
    for network in client.networks.list(filters={"label": f"{PROJECT}={project}"}):
        network.remove()


def remove_stack_containers(stack_id: str) -> tuple[str, ...]:
    """Remove a stack whose folder is gone: containers and networks, not its data. The services that were there."""
    with connected(timeout_s=STOP_WITHIN_S + 10) as client:
        listed = client.api.containers(all=True, filters={"label": PROJECT})
        projects = {container["Labels"][PROJECT] for container in listed}
        removed: list[str] = []
        for project in sorted(project for project in projects if project.endswith(f"-{stack_id}")):
            found = containers_of(client, project)
            remove_containers(client, found)
            remove_networks(client, project)
            removed += [container.service for container in found]
    return tuple(removed)
