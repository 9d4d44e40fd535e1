"""A container whose image changes without a deploy."""

from collections.abc import Iterator

from agent.advice.images import is_pinned, name_of, tag_of
from agent.advice.material import Material
from agent.advice.workloads import pinned_elsewhere
from agent.domain.suggestion import Priority, Suggestion


def kubernetes_image(material: Material) -> Iterator[Suggestion]:
    """Images without a tag or with `latest`, which no Kustomization replaces."""
    pinned = set(pinned_elsewhere(tuple(material.manifests)))
    for workload in material.workloads:
        for container in workload.containers:
            image = container.text("image")
            if is_pinned(image) or name_of(image) in pinned:
                continue
            yield Suggestion(
                rule="kubernetes-image-pin",
                priority=Priority.HIGH if tag_of(image) == "latest" else Priority.MEDIUM,
                subject=f"{workload.title} {container.text('name')}",
                title=f"{workload.title}: image {image} names no version",
                why="pods of one release run different code, and a rollback brings nothing back",
                fix="image: with the version or, better, the digest; or `images:` of the overlay",
                evidence=(material.shown(workload.manifest.path, (container.at("image") or container).line),),
            )
