"""A Compose service without a health check: nothing can wait for it, and nothing notices when it hangs."""

from collections.abc import Iterator

from agent.advice.material import Material, folder_of
from agent.advice.yaml_nodes import Node
from agent.domain.suggestion import Priority, Suggestion


def compose_health_check(material: Material) -> Iterator[Suggestion]:
    """Services without a health check of their own or of their Dockerfile; more urgent where another one needs them."""
    for compose in material.composes:
        services = compose.node.items("services")
        needed = {name for _, service in services for name in _needs(service)}
        for name, service in services:
            if service.at("healthcheck") or _built_with_one(material, compose.path, service) or _is_job(services, name):
                continue
            yield Suggestion(
                rule="compose-health-check",
                priority=Priority.MEDIUM if name in needed else Priority.LOW,
                subject=name,
                title=f"{name} has no health check",
                why="what needs it starts before it is ready" if name in needed else "a hang is not noticed",
                fix=f"services.{name}.healthcheck: a test that talks to it, with interval, timeout and retries",
                evidence=(material.shown(compose.path, service.line),),
            )


def _needs(service: Node) -> Iterator[str]:
    yield from (name for name, _ in service.items("depends_on"))
    yield from (node.value for node in service.listed("depends_on") if isinstance(node.value, str))


def _is_job(services: tuple[tuple[str, Node], ...], name: str) -> bool:
    """Whether another service waits for its end rather than for its health."""
    wanted = "service_completed_successfully"
    return any(service.text("depends_on", name, "condition") == wanted for _, service in services)


def _built_with_one(material: Material, path: str, service: Node) -> bool:
    build = service.at("build")
    if build is None:
        return False
    context = build.text("context") or (build.value if isinstance(build.value, str) else ".")
    parts = (folder_of(path), context.removeprefix("./").rstrip("/"), build.text("dockerfile") or "Dockerfile")
    wanted = "/".join(part for part in parts if part not in {"", "."})
    return any(one.path == wanted and one.last.last("HEALTHCHECK") for one in material.dockerfiles)
