"""Playbooks that may help a local stack: restart one service, or bring all of it up again."""

from collections.abc import Iterator

from agent.domain.claim import Claim
from agent.domain.fix import Fix, PlaybookFix, Risk
from agent.fixes.project import Project
from agent.fixes.telling import is_of_a_cluster, subject_name

_DOWN = frozenset(
    {"dependency-unreachable", "kafka-broker", "provider-outage", "node-lost", "crash-loop", "initialisation-missing"}
    | {"service-down"}
)
_STUCK = frozenset(
    {"memory-leak", "connection-pool-exhausted", "concurrency", "file-handles", "slow-consumer", "dependency-timeout"}
    | {"application-error", "probe-failing", "oom-killed", "cache-full", "backlog", "added-latency", "request-errors"}
)


def run_playbook(cause: Claim, project: Project) -> Iterator[Fix]:
    """Nothing here touches a cluster, and no data is removed."""
    services = project.files.services
    if not services or is_of_a_cluster(cause):
        return
    if cause.category == "port-conflict":
        yield Fix(
            id="move-ports",
            title="Bring the stack up on free ports",
            why="`up` names the holder of the taken port and moves the whole block of ports.",
            action=PlaybookFix(playbook="up.yml"),
            risk=Risk.LOW,
            reversible=True,
        )
    elif cause.category in _DOWN:
        yield Fix(
            id="bring-up",
            title="Bring up again what is down",
            why="`up` starts each service of the stack that does not run, after what it needs.",
            action=PlaybookFix(playbook="up.yml"),
            risk=Risk.LOW,
            reversible=True,
        )
    if cause.category in _STUCK | _DOWN and (name := _service(cause, services)):
        yield Fix(
            id="restart-service",
            title=f"Restart {name}",
            why="A restart gives back what the process holds; it mends no defect, so the failure may come again.",
            action=PlaybookFix(playbook="fix_restart.yml", variables={"local_stack_restart": name}),
            risk=Risk.LOW,
            reversible=True,
        )


def _service(cause: Claim, services: tuple[str, ...]) -> str | None:
    """The service at fault; a claim that names none is about the one that runs alone."""
    name = subject_name(cause)
    return name if name in services else services[0] if len(services) == 1 else None
