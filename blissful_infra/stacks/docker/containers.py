"""Finds and removes containers on the engine, by the labels Compose gives them, without any file of the project."""

import contextlib
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import psutil

from blissful_infra.stacks.docker.inspection import ONE_OFF, PROJECT, Container

if TYPE_CHECKING:
    from collections.abc import Iterable

    from docker import DockerClient

STOP_WITHIN_S = 20
"""What the service contract allows for a clean stop."""


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


def end_compose(project: str) -> None:
    """End the `docker compose` commands that still work on this project: one outlives the run that was interrupted."""
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            words = process.cmdline()
            if "compose" in words and f"--project-name\0{project}" in "\0".join(words):
                process.terminate()


def remove_networks(client: "DockerClient", project: str) -> None:
    """Remove the project's networks, which must have no containers any more."""
    for network in client.networks.list(filters={"label": f"{PROJECT}={project}"}):
        network.remove()
