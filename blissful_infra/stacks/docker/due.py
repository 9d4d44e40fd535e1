"""What an `up` on Docker has to do: build the images whose sources changed, start what is not as it should be."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from blissful_infra.errors import ConfigurationError
from blissful_infra.stacks.docker.build import BuiltImage, build_image, fingerprint_of
from blissful_infra.stacks.docker.compose import ComposeProject, ComposeService, changed_services
from blissful_infra.stacks.docker.containers import containers_of
from blissful_infra.stacks.docker.engine import connected
from blissful_infra.stacks.stack import StackPlan, title_of
from blissful_infra.stacks.state.files import read_json, write_json

if TYPE_CHECKING:
    from docker import DockerClient

Tell = Callable[[Mapping[str, Any]], None]


class MissingServiceError(ConfigurationError):
    """blissful-infra.yaml names a service that compose.yaml does not have."""

    code = "missing-service"


@dataclass(frozen=True, slots=True)
class Due:
    """What is to be done: images to build, and services whose container is missing, changed or down."""

    builds: tuple[str, ...]
    starts: tuple[str, ...]


def due_of(plan: StackPlan, project: ComposeProject, services: Mapping[str, ComposeService]) -> Due:
    """Look at sources, images and containers. Raises `MissingServiceError`."""
    if missing := [name for name in plan.names if name not in services]:
        raise MissingServiceError(
            f"compose.yaml has no service {', '.join(missing)}, which blissful-infra.yaml asks for",
            hint="add it to compose.yaml, or take it out of blissful-infra.yaml",
        )
    with connected() as client:
        image_ids = _image_ids(client, services)
        containers = containers_of(client, project.name)
    built = _built(plan)
    builds = tuple(
        name
        for name, service in services.items()
        if service.build is not None
        and (
            service.image not in image_ids
            or built.get(name) != BuiltImage(fingerprint_of(service.build) or "", image_ids[service.image])
        )
    )
    down = {
        container.service
        for container in containers
        if container.state != "running" and (container.service in plan.names or not container.is_done)
    }
    changed = {*changed_services(services, containers, image_ids), *builds, *down}
    return Due(builds, tuple(sorted(changed)))


def build(
    plan: StackPlan, project: ComposeProject, services: Mapping[str, ComposeService], names: tuple[str, ...], tell: Tell
) -> None:
    """Build these images one after another. Raises `ImageBuildError`."""
    for name in names:
        service, title = services[name], title_of(name)
        fingerprint = fingerprint_of(service.build or {}) or ""
        build_image(
            project,
            service,
            plan.state_dir / "logs" / f"{name}-build.log",
            lambda step, name=name, title=title: tell(  # type: ignore[misc]
                {"service": f"{name}-build", "title": f"{title} image", "state": "building", "detail": step}
            ),
        )
        with connected() as client:
            image_id = _image_ids(client, {name: service}).get(service.image, "")
        remembered = {**_built(plan), name: BuiltImage(fingerprint, image_id)}
        write_json(
            plan.state_dir / "docker" / "images-built.json",
            {
                each: {"fingerprint": image.fingerprint, "image_id": image.image_id}
                for each, image in remembered.items()
            },
        )


def _built(plan: StackPlan) -> dict[str, BuiltImage]:
    document = read_json(plan.state_dir / "docker" / "images-built.json")
    try:
        return {name: BuiltImage(**image) for name, image in document.items()}
    except TypeError:
        return {}


def _image_ids(client: "DockerClient", services: Mapping[str, ComposeService]) -> dict[str, str]:
    """What the services' image references mean on this engine; those it does not have are left out."""
    from docker.errors import ImageNotFound

    found: dict[str, str] = {}
    for reference in {service.image for service in services.values()}:
        try:
            found[reference] = str(client.images.get(reference).id)
        except ImageNotFound:
            continue
    return found
