"""What a local stack is made of: the services that should run, and what is seen of them. Types only, no I/O."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path


class Kind(StrEnum):
    """What a service is, whatever runs it."""

    APPLICATION = "application"
    POSTGRES = "postgres"
    KAFKA = "kafka"
    REDIS = "redis"
    JOB = "job"
    """Runs once and ends: a build, an init container. Ended cleanly, it is done."""


class Health(StrEnum):
    """How a service is, asked of the service itself: running is not enough."""

    HEALTHY = "healthy"
    STARTING = "starting"
    UNHEALTHY = "unhealthy"
    STOPPED = "stopped"
    FINISHED = "finished"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class ServicePlan:
    """One service as it should run. `environment` holds no secret; `secrets` names variables of `secrets.env`.

    `argv` is empty where the runtime knows the command itself (Docker).
    """

    name: str
    title: str
    kind: Kind
    needs: tuple[str, ...]
    log_file: Path
    port: int | None = None
    url: str | None = None
    health_path: str | None = None
    version: str | None = None
    argv: tuple[str, ...] = ()
    directory: Path | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    secrets: tuple[str, ...] = ()
    stop_signal: str = "TERM"


@dataclass(frozen=True, slots=True)
class StackPlan:
    """The whole stack of one project folder; `services` stand in start order, each after what it needs."""

    name: str
    stack_id: str
    project_dir: Path
    state_dir: Path
    runtime: str
    reason: str
    services: tuple[ServicePlan, ...]
    ports: Mapping[str, int]
    notices: tuple[str, ...] = ()

    def service(self, name: str) -> ServicePlan:
        """The service of this name; KeyError when there is none."""
        for service in self.services:
            if service.name == name:
                return service
        raise KeyError(name)

    @property
    def names(self) -> tuple[str, ...]:
        """The services' names, in start order."""
        return tuple(service.name for service in self.services)

    @property
    def secrets_file(self) -> Path:
        """Where the generated local passwords are kept, mode 0600."""
        return self.state_dir / "secrets.env"

    @property
    def process_dir(self) -> Path:
        """What the process runtime keeps: supervisord's files and the servers' data."""
        return self.state_dir / "process"


@dataclass(frozen=True, slots=True)
class ServiceStatus:
    """One service as it was seen. `detail` says why it is not healthy; `exit_code` is set once it has ended."""

    name: str
    title: str
    kind: str
    runtime: str
    health: Health
    detail: str | None = None
    version: str | None = None
    port: int | None = None
    url: str | None = None
    pid: int | None = None
    container: str | None = None
    uptime_s: float | None = None
    restarts: int | None = None
    exit_code: int | None = None


@dataclass(frozen=True, slots=True)
class StackStatus:
    """One project's stack as it was seen. `notices` tell what was left behind: an interrupted run, a reboot."""

    name: str
    stack_id: str
    project_dir: str
    runtime: str
    health: Health
    services: tuple[ServiceStatus, ...]
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LogSource:
    """Where a service's raw lines are: files (oldest first), or a container."""

    service: str
    title: str
    files: tuple[Path, ...] = ()
    container: str | None = None


TITLES: Mapping[str, str] = {
    "app": "Application",
    "postgres": "Postgres",
    "kafka": "Kafka",
    "redis": "Redis",
}


def title_of(name: str) -> str:
    """How a service is called in front of people.

    >>> title_of("app"), title_of("mail-worker")
    ('Application', 'Mail worker')
    """
    return TITLES.get(name) or name.replace("-", " ").capitalize()


def overall(healths: tuple[Health, ...]) -> Health:
    """The health of a stack: that of its worst service, `stopped` only when nothing runs."""
    alive = [health for health in healths if health is not Health.FINISHED]
    if not alive or all(health is Health.STOPPED for health in alive):
        return Health.STOPPED
    for worst in (Health.UNHEALTHY, Health.STOPPED, Health.UNKNOWN, Health.STARTING):
        if worst in alive:
            return Health.UNHEALTHY if worst is Health.STOPPED else worst
    return Health.HEALTHY
