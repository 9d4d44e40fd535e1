"""Which Docker the tests have, and which images can be had on it."""

import functools
import shutil
import subprocess

import docker
from docker.errors import DockerException

IMAGES = {
    "postgres": "blissful.test/postgres:18",
    "kafka": "blissful.test/kafka:4.1.0",
    "redis": "blissful.test/redis:7",
    "jdk": "blissful.test/maven:jdk-17",
    "jre": "blissful.test/jre:17",
    "python": "blissful.test/python:3.11",
}
"""The images that tests/engines/images.sh builds, by their target in the Dockerfile."""


@functools.cache
def why_not() -> str | None:
    """Why no Docker engine can be used, or None; the answer holds for the whole test run."""
    if shutil.which("docker") is None:
        return "no docker on PATH; run `make test-docker`, which installs it on Debian"
    for command in (["docker", "version"], ["docker", "compose", "version"], ["docker", "buildx", "version"]):
        if subprocess.run(command, capture_output=True, check=False).returncode != 0:
            return f"`{' '.join(command)}` failed; run `make test-docker`, which starts an engine on Debian"
    return None


@functools.cache
def own_images() -> bool:
    """Whether the engine holds the tests' own images; a person's engine does not, and pulls the official ones."""
    client = docker.from_env()
    try:
        for image in IMAGES.values():
            client.images.get(image)
    except DockerException:
        return False
    finally:
        client.close()
    return True
