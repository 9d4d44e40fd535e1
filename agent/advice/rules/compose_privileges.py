"""A Compose service that can take over the machine."""

from collections.abc import Iterator

from agent.advice.material import Material
from agent.advice.yaml_nodes import Node
from agent.domain.suggestion import Priority, Suggestion


def compose_privileges(material: Material) -> Iterator[Suggestion]:
    """Privileged services, those with Docker's socket, and those in the machine's own namespaces."""
    for compose in material.composes:
        for name, service in compose.node.items("services"):
            for what, node in _powers(service):
                yield Suggestion(
                    rule="compose-privileges",
                    priority=Priority.HIGH,
                    subject=f"{name} {what}",
                    title=f"{name} {what}",
                    why="whoever breaks into this container has the machine",
                    fix=f"services.{name}: leave it out; give single capabilities (cap_add) or devices where needed",
                    evidence=(material.shown(compose.path, node.line),),
                )


def _powers(service: Node) -> Iterator[tuple[str, Node]]:
    if service.text("privileged").lower() == "true":
        yield "runs privileged", service.at("privileged") or service
    for key in ("pid", "ipc", "network_mode"):
        if service.text(key) == "host":
            yield f"shares the machine's {key.removesuffix('_mode')} namespace", service.at(key) or service
    for volume in service.listed("volumes"):
        if "docker.sock" in (volume.value if isinstance(volume.value, str) else volume.text("source")):
            yield "has Docker's socket", volume
