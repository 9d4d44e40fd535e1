"""Connection pools that together are larger than what the database gives."""

from collections.abc import Iterator

from agent.advice.material import PROJECT_FILE, Material
from agent.domain.suggestion import Priority, Suggestion

POSTGRES_CONNECTIONS = 97
"""What PostgreSQL gives by default: 100, of which 3 are kept for its superuser."""


def pool_size(material: Material) -> Iterator[Suggestion]:
    """A Hikari pool that, times the most pods of an environment, needs more connections than PostgreSQL has."""
    pods, place = _most_pods(material)
    for file in material.settings:
        size = file.first("spring.datasource.hikari.maximum-pool-size")
        if size is None or not size.text.isdecimal() or int(size.text) * pods <= POSTGRES_CONNECTIONS:
            continue
        yield Suggestion(
            rule="pool-size",
            priority=Priority.MEDIUM,
            subject=size.key,
            title=f"{pods} pod{'s' if pods > 1 else ''} with {size.text} connections each need {int(size.text) * pods}",
            why=f"PostgreSQL gives {POSTGRES_CONNECTIONS} unless max_connections says otherwise; the rest is refused",
            fix=f"maximum-pool-size: {max(POSTGRES_CONNECTIONS // (pods + 1), 1)} leaves room for a rollout",
            evidence=(material.shown(file.path, size.line), *(material.shown(*one) for one in place)),
        )


def _most_pods(material: Material) -> tuple[int, tuple[tuple[str, int], ...]]:
    """The most pods that anything asks for, and where it is said."""
    environments = material.project.node.items("environments") if material.project else ()
    nodes = [
        *((one.path, one.node.at("spec", key)) for one in material.manifests for key in ("replicas", "maxReplicas")),
        *((PROJECT_FILE, environment.at("replicas")) for _, environment in environments),
    ]
    said = [
        (int(node.value), path, node.line)
        for path, node in nodes
        if node is not None and isinstance(node.value, str) and node.value.isdecimal()
    ]
    if not said:
        return 1, ()
    most, path, line = max(said)
    return max(most, 1), ((path, line),)
