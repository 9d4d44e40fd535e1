"""Compose services that may take all memory of the machine they share."""

from collections.abc import Iterator

from agent.advice.material import Material
from agent.domain.suggestion import Priority, Suggestion


def compose_limits(material: Material) -> Iterator[Suggestion]:
    """One suggestion a file, which names the services without a memory limit."""
    for compose in material.composes:
        free = [
            (name, service)
            for name, service in compose.node.items("services")
            if not service.at("mem_limit") and not service.at("deploy", "resources", "limits", "memory")
        ]
        if free:
            yield Suggestion(
                rule="compose-memory-limit",
                priority=Priority.LOW,
                subject="services",
                title=f"no memory limit: {', '.join(name for name, _ in free)}",
                why="a leak in one takes the others down; with a limit the one that leaks is ended, and it shows",
                fix="mem_limit: 512m (or deploy.resources.limits.memory) for each, above what it needs under load",
                evidence=tuple(material.shown(compose.path, service.line) for _, service in free),
            )
