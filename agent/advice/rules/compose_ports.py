"""A Compose port that the whole network can reach: Docker's rules come before the firewall's."""

import re
from collections.abc import Iterator

from agent.advice.material import Material
from agent.advice.yaml_nodes import Node
from agent.domain.suggestion import Priority, Suggestion

_STORES = re.compile(r"postgres|mysql|mariadb|mongo|redis|valkey|kafka|elastic|rabbit|memcached|cassandra|etcd|minio")
_LOCAL = ("127.", "[::1]", "::1", "localhost")


def compose_ports(material: Material) -> Iterator[Suggestion]:
    """Ports published on every address; urgent for stores, which often have no password or a known one."""
    for compose in material.composes:
        for name, service in compose.node.items("services"):
            is_store = bool(_STORES.search(f"{name} {service.text('image')}"))
            for port in service.listed("ports"):
                if (shown := _open_port(port)) is not None:
                    yield Suggestion(
                        rule="compose-loopback-port",
                        priority=Priority.HIGH if is_store else Priority.MEDIUM,
                        subject=f"{name}:{shown}",
                        title=f"port {shown} of {name} is open to the whole network",
                        why="Docker publishes past the machine's firewall; everybody on this network can connect",
                        fix=f'services.{name}.ports: "127.0.0.1:{shown}"',
                        evidence=(material.shown(compose.path, port.line),),
                    )


def _open_port(port: Node) -> str | None:
    if isinstance(port.value, str):
        plain = re.sub(r"\$\{[^}]*?:-([^}]*)\}", r"\1", port.value)
        return None if plain.startswith(_LOCAL) or ":" not in plain else port.value.removeprefix("0.0.0.0:")
    if not port.text("published") or port.text("host_ip").startswith(_LOCAL):
        return None
    return f"{port.text('published')}:{port.text('target')}"
