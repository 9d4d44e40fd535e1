"""Builds a service's image with Docker and pushes it; the digest is read back from the registry."""

import re
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from blissful_infra.delivery.commands import CommandFailedError, run
from blissful_infra.delivery.images.image import ImageReference, Source
from blissful_infra.delivery.images.registries import Login, login_of, speaks_plain_http
from blissful_infra.delivery.images.registry_client import RegistryClient
from blissful_infra.errors import MissingToolError
from blissful_infra.settings.model import Registry

DEFAULT = re.compile(r"^ARG (?P<name>\w+)=(?P<image>\S+)$", re.MULTILINE)
CERTIFICATES = "blissful/ca.pem"
BUILDKIT = {"DOCKER_BUILDKIT": "1"}

Tell = Callable[[str], None]


class NoEngineError(MissingToolError):
    """No Docker engine answers the build."""

    code = "docker-unreachable"


@dataclass(frozen=True, slots=True)
class Build:
    """One image to build: from which folder and source, under which names."""

    folder: Path
    source: Source
    repository: str
    tags: tuple[str, ...]

    @property
    def references(self) -> tuple[ImageReference, ...]:
        """Every name the image gets, the most exact first."""
        return tuple(ImageReference(self.repository, tag=tag) for tag in self.tags)


def build_argv(build: Build, dockerfile: str, images: Mapping[str, str], *, now: datetime) -> tuple[str, ...]:
    """The `docker build` of an image. `images` replaces base images that the Dockerfile's arguments name."""
    arguments = {"GIT_REVISION": build.source.revision, "BUILD_TIME": now.isoformat(timespec="seconds")}
    for found in DEFAULT.finditer(dockerfile):
        if (other := images.get(found["image"])) is not None:
            arguments[found["name"]] = other
    words = ["docker", "build", "--progress", "plain", "--label"]
    words.append(f"org.opencontainers.image.revision={build.source.revision}")
    for name, value in arguments.items():
        words += ["--build-arg", f"{name}={value}"]
    for reference in build.references:
        words += ["--tag", str(reference)]
    return tuple(words)


def build_image(build: Build, images: Mapping[str, str], *, certificates: Path | None, now: datetime) -> None:
    """Build it on the local engine. `certificates` is a bundle (PEM) that the build trusts."""
    dockerfile = (build.folder / "Dockerfile").read_text(encoding="utf-8")
    words = list(build_argv(build, dockerfile, images, now=now))
    if certificates is not None:
        words += ["--secret", f"id=ca,src={certificates}"]
    hint = "mend the Dockerfile, then build again"
    try:
        run([*words, "."], why="the image could not be built", hint=hint, folder=build.folder, variables=BUILDKIT)
    except CommandFailedError as error:
        raise _without_docker(error) or error from None


def _without_docker(error: CommandFailedError) -> MissingToolError | None:
    """The same failure, where it is Docker that is missing and not the Dockerfile that is wrong."""
    said = error.context.get("last lines", "")
    if "buildx component is missing" in said:
        return MissingToolError(
            "the image could not be built: Docker buildx is not installed",
            hint="`blissful-infra doctor` says how to install it",
        )
    if "annot connect to the Docker daemon" in said or "docker daemon running" in said:
        return NoEngineError(
            "the image could not be built: no Docker engine answers",
            hint="start Docker, then run `blissful-infra doctor`",
            context={"Docker says": said.strip().splitlines()[-1]},
        )
    return None


def push_image(build: Build, registry: Registry, tell: Tell) -> str:
    """Push every tag, and return the digest that the registry gives the first one."""
    first = build.references[0]
    login = login_of(registry)
    if login is not None:
        tell(f"logging in to {first.registry} with {login.argv[0]}")
        log_in(login)
    for reference in build.references:
        tell(f"pushing {reference}")
        hint = f"see that {reference.registry} answers and that you are logged in: `docker login {reference.registry}`"
        run(["docker", "push", "--quiet", str(reference)], why=f"{reference} could not be pushed", hint=hint)
    with RegistryClient(first.registry, plain_http=speaks_plain_http(registry, first.registry)) as client:
        return client.digest_of(first)


def log_in(login: Login) -> None:
    """Let the provider's program log Docker in; a password passes through a pipe, never a file or an argument."""
    why = f"{login.argv[0]} could not log in to the registry"
    said = run(login.argv, why=why, hint=f"see that `{' '.join(login.argv[:2])}` works by itself")
    if login.into is not None:
        run(login.into, why=why, stdin=said)


def engine_has(reference: ImageReference) -> bool:
    """Whether the local engine holds an image of this name."""
    found = subprocess.run(["docker", "image", "inspect", str(reference)], capture_output=True, check=False)
    return found.returncode == 0
