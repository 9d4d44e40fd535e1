"""An image built on whatever its base is today."""

from collections.abc import Iterator

from agent.advice.images import is_pinned
from agent.advice.material import Material
from agent.domain.suggestion import Priority, Suggestion


def dockerfile_base(material: Material) -> Iterator[Suggestion]:
    """Base images without a tag or with `latest`; an argument counts with its default."""
    for image in material.dockerfiles:
        names = {stage.name for stage in image.stages if stage.name}
        for stage in image.stages:
            if stage.base and stage.base not in names | {"scratch"} and not is_pinned(stage.base):
                yield Suggestion(
                    rule="dockerfile-base-pin",
                    priority=Priority.MEDIUM,
                    subject=stage.base,
                    title=f"the base image {stage.base} names no version",
                    why="the same commit gives another image tomorrow, and a rollback does not bring the old one back",
                    fix=f"FROM {stage.base.partition(':')[0]}:<version>, or with its digest",
                    evidence=(material.shown(image.path, stage.line),),
                )
