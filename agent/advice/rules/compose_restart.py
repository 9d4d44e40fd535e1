"""Compose services that stay down after a crash or a reboot."""

from collections.abc import Iterator

from agent.advice.material import Material
from agent.domain.suggestion import Priority, Suggestion


def compose_restart(material: Material) -> Iterator[Suggestion]:
    """One suggestion a file, which names the services without a restart policy."""
    for compose in material.composes:
        down = [
            (name, service)
            for name, service in compose.node.items("services")
            if not service.at("restart") and not service.at("deploy", "restart_policy")
        ]
        if down:
            yield Suggestion(
                rule="compose-restart",
                priority=Priority.LOW,
                subject="services",
                title=f"no restart policy: {', '.join(name for name, _ in down)}",
                why="after a crash or a reboot they stay down until somebody looks; on a laptop that may be wanted",
                fix="restart: unless-stopped for each that should come back",
                evidence=tuple(material.shown(compose.path, service.line) for _, service in down),
            )
