"""Which runtime the local stack gets, and why: Docker when an engine answers, else processes."""

from dataclasses import dataclass

from blissful_infra.settings.model import RuntimeChoice


@dataclass(frozen=True, slots=True)
class Choice:
    """The runtime, and the reason in a few words."""

    runtime: str
    reason: str


def choice_of(wanted: RuntimeChoice, asked_by: str, docker_obstacle: str | None) -> Choice:
    """Docker unless `docker_obstacle` says why not; a runtime that was asked for is not second-guessed.

    >>> choice_of(RuntimeChoice.AUTO, "", "no Docker engine answers").reason
    'no Docker engine answers'
    """
    if wanted is not RuntimeChoice.AUTO:
        return Choice(str(wanted), f"asked for by {asked_by}")
    if docker_obstacle:
        return Choice("process", docker_obstacle)
    return Choice("docker", "a Docker engine answers")


def choose(wanted: RuntimeChoice, *, asked_by: str) -> Choice:
    """Looks for a Docker engine, where that decides, and chooses."""
    obstacle = None
    if wanted is RuntimeChoice.AUTO:
        from blissful_infra.stacks.docker.engine import why_not_docker

        obstacle = why_not_docker()
    return choice_of(wanted, asked_by, obstacle)
