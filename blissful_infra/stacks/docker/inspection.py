"""What one container's inspection says: whether it serves, how it ended, and what mends it. Pure.

The input is the Engine API's answer to `GET /containers/{id}/json`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

SERVICE = "com.docker.compose.service"
PROJECT = "com.docker.compose.project"
CONFIG_HASH = "com.docker.compose.config-hash"
DEPENDS_ON = "com.docker.compose.depends_on"
ONE_OFF = "com.docker.compose.oneoff"

MANY_RESTARTS = 3
SETTLED_AFTER_S = 1.0
"""A container that checks nothing counts as healthy when it has run this long: most faults end a program sooner."""
SIGNALS = {129: "SIGHUP", 130: "SIGINT", 134: "SIGABRT", 137: "SIGKILL", 139: "SIGSEGV", 143: "SIGTERM"}


@dataclass(frozen=True, slots=True)
class Container:
    """One container, in the words this project needs."""

    id: str
    name: str
    service: str
    image: str
    image_id: str
    config_hash: str
    """What Compose tells by whether the service's definition has changed."""
    state: str
    """created, running, paused, restarting, removing, exited or dead."""
    health: str | None
    """starting, healthy or unhealthy; None where the image checks nothing."""
    health_output: str
    exit_code: int
    out_of_memory: bool
    memory_limit: int
    error: str
    started_at: datetime | None
    restarts: int
    restart_policy: str
    ports: Mapping[int, int]
    """Container port to port on this machine."""
    depends_on: str
    """Compose's own note: `migrate:service_completed_successfully:false,postgres:service_healthy:false`."""

    @classmethod
    def of(cls, inspected: Mapping[str, Any]) -> "Container":
        """Read an inspection; labels missing from it are empty."""
        state, config, host = inspected["State"], inspected["Config"], inspected["HostConfig"]
        health = state.get("Health") or {}
        checks = health.get("Log") or []
        labels = config.get("Labels") or {}
        return cls(
            id=inspected["Id"],
            name=inspected["Name"].removeprefix("/"),
            service=labels.get(SERVICE, ""),
            image=config["Image"],
            image_id=inspected["Image"],
            config_hash=labels.get(CONFIG_HASH, ""),
            state=state["Status"],
            health=None if health.get("Status") in (None, "none") else health["Status"],
            health_output=checks[-1]["Output"].strip() if checks else "",
            exit_code=state["ExitCode"],
            out_of_memory=state["OOMKilled"],
            memory_limit=host.get("Memory") or 0,
            error=state.get("Error") or "",
            started_at=moment(state["StartedAt"]),
            restarts=inspected.get("RestartCount", 0),
            restart_policy=(host.get("RestartPolicy") or {}).get("Name", ""),
            ports=_ports(inspected["NetworkSettings"].get("Ports") or {}),
            depends_on=labels.get(DEPENDS_ON, ""),
        )

    @property
    def is_done(self) -> bool:
        """Whether it ran to a clean end and nothing will start it again: an init job."""
        return self.state == "exited" and self.exit_code == 0 and self.restart_policy in ("", "no", "on-failure")

    @property
    def has_ended(self) -> bool:
        """Whether its exit code tells something: it ran and ended, or could not be started."""
        return self.state in ("exited", "dead", "restarting") or (self.state == "created" and bool(self.error))


def awaited_jobs(containers: Iterable[Container]) -> frozenset[str]:
    """The services that others wait for to end cleanly: jobs, while they still run too."""
    notes = (note.split(":") for container in containers for note in container.depends_on.split(",") if note)
    return frozenset(note[0] for note in notes if note[1:2] == ["service_completed_successfully"])


def moment(text: str) -> datetime | None:
    """Docker's RFC 3339 with nanoseconds; its zero time (year 1) is None."""
    if text.startswith("0001-"):
        return None
    whole, _, fraction = text.removesuffix("Z").partition(".")
    return datetime.fromisoformat(f"{whole}.{fraction[:6]:0<6}+00:00")


def _ports(published: Mapping[str, Any]) -> dict[int, int]:
    return {
        int(port.partition("/")[0]): int(bindings[0]["HostPort"]) for port, bindings in published.items() if bindings
    }


def uptime_of(container: Container, now: datetime) -> float:
    """Seconds since it was last started."""
    return 0.0 if container.started_at is None else (now - container.started_at).total_seconds()


def health_of(container: Container, now: datetime, *, may_end: bool) -> str:
    """healthy, starting, unhealthy, stopped or finished. `may_end` is False for a server, whose every end is a stop."""
    match container.state:
        case "running" if container.health:
            return container.health
        case "running":
            return "healthy" if uptime_of(container, now) >= SETTLED_AFTER_S else "starting"
        case "created":
            return "unhealthy" if container.error else "starting"
        case "restarting":
            return "unhealthy" if container.restarts >= MANY_RESTARTS else "starting"
        case "exited" if may_end and container.is_done:
            return "finished"
        case "exited" | "dead" | "removing":
            return "stopped"
    return "unhealthy"


def detail_of(container: Container) -> str:
    """Why it is not healthy and, where that is plain, what mends it, in one line; empty when it serves or is done."""
    match container.state:
        case "running" if container.health == "unhealthy":
            said = container.health_output.splitlines()
            return f"its health check fails: {said[-1][:200]}" if said else "its health check fails"
        case "running":
            return ""
        case "exited" if container.exit_code == 0:
            return "ended (exit code 0)"
        case "paused":
            return f"is paused; `docker unpause {container.name}` lets it go on"
        case "created" if not container.error:
            return "waits for what it depends on"
        case "restarting":
            return f"{ending_of(container)}; restarted {container.restarts} times"
    return ending_of(container)


def ending_of(container: Container) -> str:
    """How it ended: what its exit code means, and what to change where that is plain."""
    code, service = container.exit_code, container.service
    if container.out_of_memory:
        limit = f": its limit is {container.memory_limit // 2**20} MiB" if container.memory_limit else ""
        return f"ran out of memory{limit} (exit code {code}); raise mem_limit of {service} in compose.yaml"
    if container.error:
        return f"could not be started: {container.error}; check {service} in compose.yaml"
    if code in (126, 127):
        fault = "could not be executed" if code == 126 else "was not found"
        return f"its command {fault} in {container.image} (exit code {code}); check command and entrypoint of {service}"
    if code in SIGNALS:
        return f"was ended by {SIGNALS[code]} (exit code {code})"
    return f"ended with exit code {code}"
