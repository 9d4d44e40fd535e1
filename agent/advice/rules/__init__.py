"""The rules: one file each, a function of the file's name, listed in `RULES`.

Belongs here: one look at the material that ends in suggestions, each with the lines that show it. No rule knows
another. Adding one means: a file, a line in the tuple, a broken example in the tests.
"""

from collections.abc import Iterator
from typing import Protocol

from agent.advice.material import Material
from agent.advice.rules.alerts import alerts
from agent.advice.rules.backups import backups
from agent.advice.rules.committed_secrets import committed_secrets
from agent.advice.rules.compose_health_check import compose_health_check
from agent.advice.rules.compose_image import compose_image
from agent.advice.rules.compose_limits import compose_limits
from agent.advice.rules.compose_ports import compose_ports
from agent.advice.rules.compose_privileges import compose_privileges
from agent.advice.rules.compose_restart import compose_restart
from agent.advice.rules.dependency_locks import dependency_locks
from agent.advice.rules.dockerfile_base import dockerfile_base
from agent.advice.rules.dockerfile_health_check import dockerfile_health_check
from agent.advice.rules.dockerfile_signals import dockerfile_signals
from agent.advice.rules.dockerfile_user import dockerfile_user
from agent.advice.rules.go_timeouts import go_timeouts
from agent.advice.rules.graceful_stop import graceful_stop
from agent.advice.rules.kubernetes_disruption import kubernetes_disruption
from agent.advice.rules.kubernetes_image import kubernetes_image
from agent.advice.rules.kubernetes_network_policy import kubernetes_network_policy
from agent.advice.rules.kubernetes_probes import kubernetes_probes
from agent.advice.rules.kubernetes_replicas import kubernetes_replicas
from agent.advice.rules.kubernetes_resources import kubernetes_resources
from agent.advice.rules.kubernetes_security import kubernetes_security
from agent.advice.rules.kubernetes_shutdown import kubernetes_shutdown
from agent.advice.rules.migration_marks import migration_marks
from agent.advice.rules.objectives import objectives
from agent.advice.rules.pool_size import pool_size
from agent.advice.rules.proven_fixes import proven_fixes
from agent.advice.rules.python_timeouts import python_timeouts
from agent.advice.rules.recurring_incidents import recurring_incidents
from agent.advice.rules.recurring_warnings import recurring_warnings
from agent.advice.rules.retry_backoff import retry_backoff
from agent.advice.rules.spring_timeouts import spring_timeouts
from agent.advice.rules.unbounded_pool import unbounded_pool
from agent.domain.suggestion import Suggestion


class Rule(Protocol):
    """One look at the material."""

    __name__: str

    def __call__(self, material: Material, /) -> Iterator[Suggestion]:
        """What it suggests; nothing where all is well."""


RULES: tuple[Rule, ...] = (
    compose_health_check,
    compose_image,
    compose_limits,
    compose_ports,
    compose_privileges,
    compose_restart,
    dockerfile_base,
    dockerfile_health_check,
    dockerfile_signals,
    dockerfile_user,
    kubernetes_disruption,
    kubernetes_image,
    kubernetes_network_policy,
    kubernetes_probes,
    kubernetes_replicas,
    kubernetes_resources,
    kubernetes_security,
    kubernetes_shutdown,
    go_timeouts,
    python_timeouts,
    spring_timeouts,
    pool_size,
    unbounded_pool,
    retry_backoff,
    graceful_stop,
    dependency_locks,
    migration_marks,
    objectives,
    alerts,
    backups,
    committed_secrets,
    recurring_incidents,
    proven_fixes,
    recurring_warnings,
)


def suggestions_of(material: Material) -> tuple[Suggestion, ...]:
    """What all rules suggest. A project's files are untrusted: what one rule stumbles over is a gap of the material."""
    found: list[Suggestion] = []
    for rule in RULES:
        try:
            found += rule(material)
        except Exception as error:  # noqa: BLE001 - a bug in one rule; named in the result, not hidden
            material.gaps.append(f"the rule {rule.__name__} failed: {type(error).__name__}: {error}")
    return tuple(found)
