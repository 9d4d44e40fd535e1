"""Which containers hold ports of this machine: what answers there is Docker's proxy, and its pid says nothing."""

from dataclasses import dataclass

from blissful_infra.stacks.docker.engine import DockerUnreachableError, connected
from blissful_infra.stacks.docker.inspection import PROJECT


@dataclass(frozen=True, slots=True)
class Publisher:
    """A container that publishes a port, and its Compose project where it has one."""

    container: str
    project: str | None


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
        )
        for container in listed
        for port in container["Ports"]
        if "PublicPort" in port
    }
