"""A Compose service whose image changes without anybody having changed it."""

from collections.abc import Iterator

from agent.advice.dockerfile import filled
from agent.advice.images import is_pinned
from agent.advice.material import Material
from agent.domain.suggestion import Priority, Suggestion


def compose_image(material: Material) -> Iterator[Suggestion]:
    """Images without a tag or with `latest`; a variable counts with its default. What is built here is no matter."""
    for compose in material.composes:
        for name, service in compose.node.items("services"):
            image = filled(service.text("image"))
            if image and not service.at("build") and not is_pinned(image):
                yield Suggestion(
                    rule="compose-image-pin",
                    priority=Priority.MEDIUM,
                    subject=name,
                    title=f"{name} runs {image}, whichever version that is today",
                    why="two machines run different versions, and a pull can break what worked",
                    fix=f"services.{name}.image: name a version, as in `postgres:18`, or a digest",
                    evidence=(material.shown(compose.path, (service.at("image") or service).line),),
                )
