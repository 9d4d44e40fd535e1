"""An image whose program never hears that it should stop."""

from collections.abc import Iterator

from agent.advice.dockerfile import Instruction
from agent.advice.material import Material
from agent.domain.suggestion import Priority, Suggestion


def dockerfile_signals(material: Material) -> Iterator[Suggestion]:
    """ENTRYPOINT, or CMD without one, in shell form: a shell gets SIGTERM and does not pass it on."""
    for image in material.dockerfiles:
        starts = image.last.last("ENTRYPOINT") or image.last.last("CMD")
        if starts is not None and _is_shell(starts):
            yield Suggestion(
                rule="dockerfile-signals",
                priority=Priority.MEDIUM,
                subject="image",
                title="the program does not get SIGTERM",
                why="a shell stands before it and passes no signal on: each stop takes the whole grace period",
                fix=f'{starts.word} ["program", "argument"] in JSON form, or `exec` before the program',
                evidence=(material.shown(image.path, starts.line),),
            )


def _is_shell(starts: Instruction) -> bool:
    return not starts.rest.startswith("[") and not starts.rest.startswith("exec ")
