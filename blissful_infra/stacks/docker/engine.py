"""The Docker engine that the person's own `docker` command reaches, and why it cannot be used.

The order is Docker's own: `DOCKER_HOST`, `DOCKER_CONTEXT`, the current context of the client's configuration, the
default socket. The SDK alone knows the first and the last of these only.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from blissful_infra.errors import MissingToolError

if TYPE_CHECKING:
    from docker import DockerClient

DEFAULT_HOST = "unix:///var/run/docker.sock"
ANSWER_WITHIN_S = 5
PROBE_WITHIN_S = 2


class DockerUnreachableError(MissingToolError):
    """No Docker engine answers."""

    code = "docker-unreachable"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where the engine listens; `context` is set when a Docker context said so."""

    host: str
    context: str | None = None

    @property
    def module_options(self) -> dict[str, str]:
        """How the modules of community.docker are told; a context brings its TLS files along."""
        return {"cli_context": self.context} if self.context else {"docker_host": self.host}


def endpoint() -> Endpoint:
    """The engine a plain `docker` command would talk to."""
    from docker.context import ContextAPI
    from docker.context.config import get_current_context_name

    if host := os.environ.get("DOCKER_HOST"):
        return Endpoint(host)
    name = os.environ.get("DOCKER_CONTEXT") or get_current_context_name()
    if name == "default":
        return Endpoint(DEFAULT_HOST)
    context = ContextAPI.get_context(name)
    if context is None or not context.Host:
        raise DockerUnreachableError(
            f"the Docker context {name} does not exist", hint="docker context ls; docker context use default"
        )
    return Endpoint(context.Host, name)


@contextmanager
def connected(*, timeout_s: int = ANSWER_WITHIN_S) -> Iterator["DockerClient"]:
    """A client of the engine, closed afterwards; what the SDK raises inside becomes `DockerUnreachableError`.

    `timeout_s` is how long one answer may take, and how long a stream may be silent.
    """
    import docker
    from docker.context import ContextAPI
    from docker.errors import DockerException
    from requests.exceptions import RequestException

    where = endpoint()
    client = None
    try:
        if where.context:
            tls = ContextAPI.get_context(where.context).TLSConfig or False
            client = docker.DockerClient(
                where.host, tls=tls, timeout=timeout_s, version="auto", use_ssh_client=where.host.startswith("ssh://")
            )
        else:
            client = docker.DockerClient.from_env(
                timeout=timeout_s, version="auto", use_ssh_client=where.host.startswith("ssh://")
            )
        yield client
    except (DockerException, RequestException) as error:
        raise DockerUnreachableError(
            f"no Docker engine answers at {where.host}",
            hint="start Docker, then run `blissful-infra doctor`; or `up --runtime process`, which needs no Docker",
            context={"reason": str(error)},
        ) from error
    finally:
        if client is not None:
            client.close()


def why_not_docker() -> str | None:
    """Why the docker runtime cannot be used here, in a few words, or None when it can."""
    if shutil.which("docker") is None:
        return "the docker command is not installed"
    try:
        with connected(timeout_s=PROBE_WITHIN_S) as client:
            client.ping()
    except DockerUnreachableError as error:
        return error.message
    for plugin, purpose in (("compose", "Compose v2"), ("buildx", "buildx, which builds images")):
        found = subprocess.run(["docker", plugin, "version"], capture_output=True, check=False)
        if found.returncode != 0:
            return f"the docker command lacks {purpose}"
    return None
