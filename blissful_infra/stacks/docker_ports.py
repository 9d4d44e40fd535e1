"""Which containers hold ports of this machine: what answers there is Docker's proxy, and its pid says nothing."""

from dataclasses import dataclass

from blissful_infra.stacks.docker_containers import PROJECT, WORKING_DIR
from blissful_infra.stacks.docker_engine import DockerUnreachableError, connected


@dataclass(frozen=True, slots=True)
class Publisher:
    """A container that publishes a port; its Compose project and that project's folder, where it has one."""

    container: str
    project: str | None
    folder: str | None


def publishers() -> dict[int, Publisher]:
    """Every published port of the engine's running containers; empty where no engine answers."""
    try:
        with connected() as client:
            listed = client.api.containers()
    except DockerUnreachableError:
        return {}
    return {
        port["PublicPort"]: Publisher(
            container=container["Names"][0].removeprefix("/"),
            project=container["Labels"].get(PROJECT),
            folder=container["Labels"].get(WORKING_DIR),
        )
        for container in listed
        for port in container["Ports"]
        if "PublicPort" in port
    }
