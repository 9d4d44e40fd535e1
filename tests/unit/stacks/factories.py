"""Small plans and statuses."""

from pathlib import Path
from typing import Any

from blissful_infra.settings.model import ProjectConfig
from blissful_infra.stacks.plan import Folder, RuntimeOffer, plan_of
from blissful_infra.stacks.ports import wishes_of
from blissful_infra.stacks.stack import Health, ServiceStatus, StackPlan


def a_config(**changes: Any) -> ProjectConfig:
    document: dict[str, Any] = {
        "name": "my-service",
        "services": {"app": {"port": 8080, "build": "make build", "run": "./app", "needs": ["postgres", "kafka"]}},
        "backing": {"postgres": {"version": "18"}, "kafka": {"version": "4.1"}, "redis": False},
    }
    return ProjectConfig.model_validate({**document, **changes})


def a_plan(config: ProjectConfig | None = None, *, runtime: str = "process", folder: Path = Path("/p")) -> StackPlan:
    config = config or a_config()
    offer = RuntimeOffer(runtime, "asked for", {"postgres": "18.6", "kafka": "4.1.2", "redis": "9.1.2"})
    return plan_of(config, Folder(folder, folder / ".blissful", "abcd1234"), wishes_of(config), offer)


def seen(plan: StackPlan, **healths: str) -> tuple[ServiceStatus, ...]:
    """Every service stopped (jobs: finished), but those given as `name=health`; `-` in names is `_`."""
    found = []
    for service in plan.services:
        default = "finished" if service.kind == "job" else "stopped"
        health = Health(healths.get(service.name.replace("-", "_"), default))
        running = health in {Health.HEALTHY, Health.STARTING}
        found.append(
            ServiceStatus(
                service.name, service.title, service.kind, plan.runtime, health, pid=4242 if running else None
            )
        )
    return tuple(found)
