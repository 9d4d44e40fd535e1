"""Asks Argo CD to take a commit, by its Application object alone, and waits until it did."""

import time
from collections.abc import Callable
from typing import Any

from blissful_infra.delivery.gitops.application import (
    REFRESH,
    Look,
    Step,
    health_of,
    is_automatic,
    look_at,
    started_at,
    sync_of,
)
from blissful_infra.delivery.gitops.target import GitOpsTarget
from blissful_infra.delivery.kubernetes.cluster import Cluster, ForbiddenError
from blissful_infra.delivery.watching import RolloutFailedError
from blissful_infra.errors import ConfigurationError

LOOK_EVERY_S = 0.4
REFRESH_EVERY_S = 8.0
"""A refresh may have come while the repository's older state was still remembered."""
PATIENCE_S = 12.0
"""How long a trouble that may pass by itself is watched."""
LEFT_TO_ITSELF_S = 3.0
"""How long an Application that syncs by itself is left to begin."""


class ApplicationMissingError(ConfigurationError):
    """The cluster has no Application for the environment."""

    code = "application-missing"


class Syncing:
    """One Application, until one deadline."""

    def __init__(
        self, cluster: Cluster, target: GitOpsTarget, environment: str, *, timeout_s: float, beat: Callable[[], None]
    ) -> None:
        self._cluster = cluster
        make = f"blissful-infra argocd app --env {environment} --apply"
        self._remedy = f"`{make}` makes it, and the right to it, for an administrator"
        self.name = f"{target.argocd_namespace}/{target.application}"
        self._path = target.api_path
        self._timeout_s = timeout_s
        self._until = time.monotonic() + timeout_s
        self._beat = beat

    def application(self) -> dict[str, Any]:
        """The Application as it is. Raises ApplicationMissingError."""
        try:
            found = self._cluster.get(self._path)
        except ForbiddenError as error:
            raise ForbiddenError(error.message, hint=f"{error.hint}; {self._remedy}") from error
        if found is None:
            raise ApplicationMissingError(
                f"the cluster {self._cluster.context} has no Application {self.name}",
                hint=self._remedy,
            )
        return found

    def sync(
        self,
        commit: str,
        *,
        newer: Callable[[str], str],
        failed_migration: Callable[[], None],
        stuck_migration: Callable[[str | None], None],
    ) -> str:
        """Wait until this commit is synced, or a newer one that holds the same; the one that is.

        Raises RolloutFailedError.

        `newer` names the branch's newest commit, or raises; `failed_migration` raises what its pods say, and
        `stuck_migration` the same of one that began in the operation of that time and cannot come up.
        """
        earlier = started_at(self.application())
        refreshed = since = 0.0
        last: Step | None = None
        asked = stopped = False
        while True:
            now = time.monotonic()
            app = self.application()
            look = look_at(app, commit, earlier=earlier)
            since = now if look.step is not last else since
            last = look.step
            if look.step is Step.DONE and refreshed:
                return commit
            if look.step is Step.MIGRATION:
                failed_migration()
            if look.step in {Step.MIGRATION, Step.FAILED}:
                raise self._failed(look)
            if look.step is Step.BROKEN and now - since > PATIENCE_S:
                raise self._failed(look)
            if look.step is Step.WAIT and look.syncing:
                stuck_migration(started_at(app))
            if look.step is Step.STOP and not stopped:
                self._cluster.merge(self._path, {"status": {"operationState": {"phase": "Terminating"}}})
                stopped = True
            if look.step is Step.ASK and not asked and now - since >= (LEFT_TO_ITSELF_S if is_automatic(app) else 0):
                self._ask(commit, app)
                asked = True
            if not refreshed or (look.step in {Step.ELSEWHERE, Step.BROKEN} and now - refreshed > REFRESH_EVERY_S):
                commit = newer(commit) if refreshed else commit
                self._cluster.merge(self._path, {"metadata": {"annotations": {REFRESH: "normal"}}})
                refreshed = now
            if now >= self._until:
                raise self._failed(look, late=True)
            self._beat()
            time.sleep(LOOK_EVERY_S)

    def healthy(self) -> str:
        """Wait until the Application is Healthy; what it says then. Raises RolloutFailedError."""
        degraded_since: float | None = None
        while True:
            app, now = self.application(), time.monotonic()
            health = health_of(app)
            if health == "Healthy":
                return f"Application {self.name} {sync_of(app)}, {health}"
            degraded_since = (degraded_since or now) if health == "Degraded" else None
            late = now >= self._until
            if late or (degraded_since is not None and now - degraded_since > PATIENCE_S):
                raise RolloutFailedError(
                    f"the Application {self.name} is {health}{f' after {self._timeout_s:g} s' if late else ''}",
                    hint=f"`argocd app get {self.name}` names the object that is not well",
                )
            self._beat()
            time.sleep(LOOK_EVERY_S)

    def state(self) -> str:
        """The Application in words, for an error that its pods tell."""
        app = self.application()
        return f"the Application {self.name} is {sync_of(app)}, {health_of(app)}"

    def _ask(self, commit: str, app: dict[str, Any]) -> None:
        policy = (app.get("spec") or {}).get("syncPolicy") or {}
        sync: dict[str, Any] = {"revision": commit, "syncStrategy": {"hook": {}}}
        if policy.get("syncOptions"):
            sync["syncOptions"] = policy["syncOptions"]
        if (policy.get("automated") or {}).get("prune"):
            sync["prune"] = True
        operation: dict[str, Any] = {"initiatedBy": {"username": "blissful-infra"}, "sync": sync}
        if policy.get("retry"):
            operation["retry"] = policy["retry"]
        self._cluster.merge(self._path, {"operation": operation})

    def _failed(self, look: Look, *, late: bool = False) -> RolloutFailedError:
        after = f" within {self._timeout_s:g} s" if late else ""
        return RolloutFailedError(
            f"Argo CD did not sync {self.name}{after}: {look.detail}",
            hint=f"`argocd app get {self.name}` says more; mend it, then run this again",
            log_tail=look.lines,
        )
