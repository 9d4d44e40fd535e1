"""What a stack says about one of its services right now."""

from dataclasses import dataclass
from datetime import datetime
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
    """One service as observed: its health, why, where it answers, and which services it needs.

    `since` is when it began to run, `revision` the commit it was built from, where these are known. `failing` are the
    dependencies that it says it misses, each with the reason it gives.
    """

    name: str
    health: Health
    title: str = ""
    detail: str = ""
    url: str | None = None
    needs: tuple[str, ...] = ()
    version: str = ""
    revision: str = ""
    since: datetime | None = None
    restarts: int = 0
    failing: tuple[tuple[str, str], ...] = ()
