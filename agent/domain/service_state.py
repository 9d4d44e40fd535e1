"""What a stack says about one of its services right now."""

from dataclasses import dataclass
from enum import StrEnum


class Health(StrEnum):
    """Health, not merely "running". `FINISHED` is a job that ended as it should."""

    HEALTHY = "healthy"
    STARTING = "starting"
    UNHEALTHY = "unhealthy"
    STOPPED = "stopped"
    FINISHED = "finished"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceState:
    """One service as observed: its health, why, where it answers, and which services it needs."""

    name: str
    health: Health
    title: str = ""
    detail: str = ""
    url: str | None = None
    needs: tuple[str, ...] = ()
