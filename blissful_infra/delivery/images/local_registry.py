"""The registry of kind `local`: a container on this machine, started when something is pushed and none answers.

It belongs to the machine, not to a project: it stays, with its images in a volume, until it is removed by hand.
"""

import socket
import subprocess
import time
from collections.abc import Callable, Mapping

import httpx

from blissful_infra.delivery.commands import CommandFailedError, run
from blissful_infra.delivery.images.registries import local_port
from blissful_infra.delivery.images.registry_client import RegistryError

IMAGE = "registry:3"
INSIDE = 5000
WITHIN_S, LOOK_EVERY_S = 30.0, 0.2
Tell = Callable[[str], None]


def container_of(port: int) -> str:
    """The name of the container, and of the volume that keeps its images.

    >>> container_of(5000)
    'blissful-infra-registry-5000'
    """
    return f"blissful-infra-registry-{port}"


def listens(host: str) -> bool:
    """Whether anything at all listens there."""
    name, _, port = host.rpartition(":")
    try:
        with socket.create_connection((name.strip("[]"), int(port)), timeout=2):
            return True
    except OSError:
        return False


def run_argv(port: int, images: Mapping[str, str]) -> tuple[str, ...]:
    """The `docker run` of a registry that only this machine reaches. `images` may replace its image."""
    name = container_of(port)
    return (
        "docker", "run", "--detach", "--name", name, "--restart", "unless-stopped",
        "--publish", f"127.0.0.1:{port}:{INSIDE}", "--volume", f"{name}:/var/lib/registry", images.get(IMAGE, IMAGE),
    )  # fmt: skip


def start_registry(host: str, images: Mapping[str, str], tell: Tell) -> None:
    """Start the registry of this address where nothing listens, and wait until it answers."""
    port = local_port(host)
    if port is None or listens(host):
        return
    name, why = container_of(port), f"no registry answers at {host}, and none could be started"
    tell(f"starting a registry at {host} (container {name}; `docker rm --force {name}` removes it)")
    hint = f"see that Docker runs and that port {port} is free, or name another under `registry` in blissful-infra.yaml"
    if subprocess.run(["docker", "container", "inspect", name], capture_output=True, check=False).returncode == 0:
        run(["docker", "start", name], why=why, hint=hint)
    else:
        try:
            run(run_argv(port, images), why=why, hint=hint)
        except CommandFailedError:
            # A container that could not be started stays, and would stand in the way of the next try.
            subprocess.run(["docker", "rm", "--force", name], capture_output=True, check=False)
            raise
    deadline = time.monotonic() + WITHIN_S
    while not _answers(host):
        if time.monotonic() > deadline:
            raise RegistryError(
                f"the registry {name} does not answer at {host} after {WITHIN_S:.0f} s", hint=f"docker logs {name}"
            )
        time.sleep(LOOK_EVERY_S)


def _answers(host: str) -> bool:
    try:
        return httpx.get(f"http://{host}/v2/", timeout=2).is_success
    except httpx.TransportError:
        return False
