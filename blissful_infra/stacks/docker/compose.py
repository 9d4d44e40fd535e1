"""What Compose makes of a project's files: the services it would run, resolved, with the hashes it tells changes by.

Two sub-commands that only read; starting and stopping is the playbooks' work.
"""

import json
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from blissful_infra.errors import ConfigurationError
from blissful_infra.stacks.docker.inspection import Container
from blissful_infra.stacks.plan import version_satisfies
from blissful_infra.stacks.stack import title_of

FILE_NAMES = ("compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml")
OVERRIDE_NAMES = ("compose.override.yaml", "compose.override.yml", "docker-compose.override.yml")


@dataclass(frozen=True, slots=True)
class ComposeProject:
    """Which files Compose reads, and under which name it keeps what it starts."""

    name: str
    folder: Path
    env_files: tuple[Path, ...] = ()
    files: tuple[Path, ...] = ()
    """Empty: the ones Compose finds by itself."""

    def command(self, *arguments: str) -> list[str]:
        """A `docker compose` command line for this project."""
        options = ["--project-directory", str(self.folder), "--project-name", self.name]
        for file in self.files:
            options += ["--file", str(file)]
        for file in self.env_files:
            options += ["--env-file", str(file)]
        return ["docker", "compose", "--ansi", "never", *options, *arguments]


@dataclass(frozen=True, slots=True)
class ComposeService:
    """One service as Compose resolved it. `build` has absolute paths, and is None where the image is pulled."""

    name: str
    image: str
    config_hash: str
    build: Mapping[str, Any] | None


class ComposeFileError(ConfigurationError):
    """Compose does not accept the project's files."""

    code = "invalid-compose-file"


def read_services(project: ComposeProject) -> dict[str, ComposeService]:
    """Every service that `docker compose up` would start, by name."""
    model = json.loads(_output(project, "config", "--format", "json"))
    hashes = dict(line.split() for line in _output(project, "config", "--hash", "*").splitlines())
    return {
        name: ComposeService(
            name=name,
            image=service.get("image") or f"{project.name}-{name}",
            config_hash=hashes.get(name, ""),
            build=service.get("build"),
        )
        for name, service in model["services"].items()
    }


def _output(project: ComposeProject, *arguments: str) -> str:
    done = subprocess.run(project.command(*arguments), cwd=project.folder, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise ComposeFileError(
            "Compose does not accept the project's compose.yaml",
            hint="docker compose config",
            context={"reason": done.stderr.strip()},
        )
    return done.stdout


def image_overrides(services: Mapping[str, ComposeService], images: Mapping[str, str]) -> dict[str, Any]:
    """The override file's content that swaps references as `images:` of blissful-infra.yaml says; empty for none.

    A reference is looked for where an image is run, and in the build arguments where one is built upon.
    """
    changed: dict[str, Any] = {}
    for name, service in services.items():
        if service.build is None:
            if service.image in images:
                changed[name] = {"image": images[service.image]}
            continue
        arguments = service.build.get("args") or {}
        swapped = {key: images[value] for key, value in arguments.items() if value in images}
        if swapped:
            changed[name] = {"build": {"args": swapped}}
    return {"services": changed} if changed else {}


def files_with(override: Path, folder: Path) -> tuple[Path, ...]:
    """The files Compose would find by itself, and one more that comes last."""
    found: list[Path] = []
    for names in (FILE_NAMES, OVERRIDE_NAMES):
        found += [path for name in names if (path := folder / name).is_file()][:1]
    return (*found, override)


def changed_services(
    expected: Mapping[str, ComposeService], containers: Sequence[Container], image_ids: Mapping[str, str]
) -> tuple[str, ...]:
    """The services whose container is missing, of another definition or of another image; orphans count too.

    `image_ids` tells what each reference means on the engine now. These are the marks Compose itself goes by.
    """
    found = {container.service: container for container in containers}
    changed = [
        name
        for name, service in expected.items()
        if name not in found
        or found[name].config_hash != service.config_hash
        or found[name].image_id != image_ids.get(service.image)
    ]
    return (*changed, *sorted(found.keys() - expected.keys()))


def tag_of(image: str) -> str | None:
    """The tag of an image reference.

    >>> tag_of("registry.example:5000/team/redis:8.2"), tag_of("redis")
    ('8.2', None)
    """
    _, _, last = image.partition("@")[0].rpartition("/")
    return last.partition(":")[2] or None


def version_notices(wanted: Mapping[str, str], services: Mapping[str, ComposeService]) -> tuple[str, ...]:
    """What to say where compose.yaml runs another version of a server than blissful-infra.yaml asks for."""
    notices = []
    for name, version in wanted.items():
        image = services[name].image
        tag = (tag_of(image) or "").partition("-")[0]
        if tag[:1].isdigit() and not version_satisfies(tag, version):
            notices.append(f"{title_of(name)} {version} was asked for; compose.yaml runs {image}")
    return tuple(notices)
