"""Which Docker the tests have, and which images can be had on it."""

import functools
import re
import shutil
import subprocess
from pathlib import Path

import docker
from docker.errors import DockerException

IMAGES = {
    "postgres": "blissful.test/postgres:18",
    "apache/kafka": "blissful.test/kafka:4.1.0",
    "redis": "blissful.test/redis:7",
    "maven": "blissful.test/maven:jdk-17",
    "eclipse-temurin": "blissful.test/jre:17",
    "python": "blissful.test/python:3.11",
}
"""What tests/engines/images.sh builds, by the repository of the official image it stands for."""

TEMPLATES = Path(__file__).parent.parent.parent / "copier-templates"
DEFAULT = re.compile(r"\$\{\w+_IMAGE:-(?P<reference>(?P<repository>[\w./-]+):[\w.-]+)\}")


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


def image_overrides() -> dict[str, str]:
    """The `images:` of blissful-infra.yaml that let a project from a template be built and run here; empty for none."""
    if not own_images():
        return {}
    compose = (TEMPLATES / "_shared/compose.yaml.jinja").read_text()
    return {found["reference"]: IMAGES[found["repository"]] for found in DEFAULT.finditer(compose)}
