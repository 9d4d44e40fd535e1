"""An image that cannot say whether its program works."""

from collections.abc import Iterator

from agent.advice.material import Material
from agent.domain.suggestion import Priority, Suggestion


def dockerfile_health_check(material: Material) -> Iterator[Suggestion]:
    """Images with an exposed port and no HEALTHCHECK in the last stage."""
    for image in material.dockerfiles:
        if (port := image.last.last("EXPOSE")) and not image.last.last("HEALTHCHECK"):
            yield Suggestion(
                rule="dockerfile-health-check",
                priority=Priority.LOW,
                subject="image",
                title="the image has no HEALTHCHECK",
                why="plain Docker takes a hanging program for a running one",
                fix="HEALTHCHECK --interval=5s --timeout=3s CMD [...]: ask /health",
                evidence=(material.shown(image.path, port.line),),
            )
