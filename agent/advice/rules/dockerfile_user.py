"""An image whose program runs as root."""

from collections.abc import Iterator

from agent.advice.material import Material
from agent.domain.suggestion import Priority, Suggestion

_ROOT = frozenset({"root", "0"})


def dockerfile_user(material: Material) -> Iterator[Suggestion]:
    """Images whose last stage sets no user, or root."""
    for image in material.dockerfiles:
        user = image.last.last("USER")
        is_named = user is not None and user.rest.partition(":")[0].strip() not in _ROOT
        if not is_named and "nonroot" not in image.last.base:
            yield Suggestion(
                rule="dockerfile-user",
                priority=Priority.HIGH,
                subject="image",
                title="the program runs as root",
                why="a break-in starts with every right in the container; Kubernetes' restricted policy refuses it",
                fix="USER 10001:10001 in the last stage, after the files are copied",
                evidence=(material.shown(image.path, user.line if user else image.last.line),),
            )
