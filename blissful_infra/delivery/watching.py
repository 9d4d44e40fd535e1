"""Waits for what was applied: servers ready, migrations done, new pods serving, the revision asked for answering."""

import contextlib
import time
from collections.abc import Callable
from typing import Any

from blissful_infra.delivery.kubernetes.cluster import Cluster, ClusterRefusedError, ForbiddenError
from blissful_infra.delivery.kubernetes.manifests import Manifest, name_of, title_of
from blissful_infra.delivery.kubernetes.pods import newest_pods, pods_of
from blissful_infra.delivery.kubernetes.rollout import (
    Progress,
    job_progress,
    pod_trouble,
    progress_of,
    stuck_since_before,
)
from blissful_infra.errors import RunFailedError

LOOK_EVERY_S = 0.5
LAST_LINES = 20
MEND = "the pods of before serve on; mend the migration, then deploy again"
NO_LOG = "unable to retrieve container logs"
"""What kubelet answers, with 200, while a container is replaced by the next one."""

Beat = Callable[[], None]
"""Called while waiting, so that the lease is kept."""


class RolloutFailedError(RunFailedError):
    """What was applied does not come up."""

    code = "rollout-failed"

    def __init__(self, message: str, *, hint: str | None, log_tail: tuple[str, ...] = ()) -> None:
        super().__init__(message, hint=hint)
        self.log_tail = log_tail


class MigrationFailedError(RolloutFailedError):
    """A migration failed; no new pod was started."""

    code = "migration-failed"


class Watch:
    """Waiting in one namespace, until one deadline for all. `began` is when the release did, in epoch seconds."""

    def __init__(self, cluster: Cluster, *, timeout_s: float, beat: Beat, began: float = 0.0) -> None:
        self._cluster = cluster
        self._began = began
        self._until = time.monotonic() + timeout_s
        self._timeout_s = timeout_s
        self._beat = beat

    def deployment(self, manifest: Manifest) -> Progress:
        """Wait until a Deployment's new pods serve and its old ones are gone. Raises RolloutFailedError."""
        path = self._cluster.path_of(manifest)
        look = f"kubectl --context {self._cluster.context} -n {self._cluster.namespace} get events"
        self._try_again(newest_pods(self._cluster, self._cluster.get(path) or {}))
        while True:
            found = self._cluster.get(path) or {}
            pods = newest_pods(self._cluster, found)
            progress = progress_of(found, pods)
            if progress.done:
                return progress
            if progress.failed or self._late():
                why = progress.detail if progress.failed else f"after {self._timeout_s:g} s: {progress.detail}"
                raise RolloutFailedError(
                    f"{title_of(manifest)} does not come up: {why}",
                    hint=f"`{look}` says more",
                    log_tail=self._last_lines(pods),
                )
            self._pause()

    def stateful(self, manifest: Manifest) -> None:
        """Wait until a StatefulSet's pods are ready. Raises RolloutFailedError."""
        path = self._cluster.path_of(manifest)
        while True:
            found = self._cluster.get(path) or {}
            status, wanted = found.get("status") or {}, (found.get("spec") or {}).get("replicas", 1)
            seen = status.get("observedGeneration", 0) >= (found.get("metadata") or {}).get("generation", 1)
            if seen and status.get("readyReplicas", 0) >= wanted and status.get("updatedReplicas", wanted) >= wanted:
                return
            pods = pods_of(self._cluster, found)
            trouble = next((each for each in map(pod_trouble, pods) if each), None)
            if trouble or self._late():
                raise RolloutFailedError(
                    f"{title_of(manifest)} is not ready: {trouble or f'after {self._timeout_s:g} s'}",
                    hint=None,
                    log_tail=self._last_lines(pods),
                )
            self._pause()

    def job(self, manifest: Manifest) -> None:
        """Wait until a Job has done its work. Raises MigrationFailedError."""
        path = self._cluster.path_of(manifest)
        while True:
            found = self._cluster.get(path) or {}
            progress = job_progress(found)
            if progress.done:
                return
            pods = pods_of(self._cluster, found)
            stuck = next((each for each in map(pod_trouble, pods) if each), None)
            if progress.failed or stuck or self._late():
                why = stuck or (
                    progress.detail if progress.failed else f"after {self._timeout_s:g} s: {progress.detail}"
                )
                raise MigrationFailedError(
                    f"the migration {name_of(manifest)} failed: {why}",
                    hint=MEND,
                    log_tail=self._last_lines(pods),
                )
            self._pause()

    def refuse_stuck(self, manifest: Manifest, since: str | None) -> None:
        """Raise MigrationFailedError where a Job that began `since` then has a pod that no waiting brings up."""
        found = self._cluster.get(self._cluster.path_of(manifest))
        if found is None or (since is not None and str(found["metadata"].get("creationTimestamp") or "") < since):
            return
        pods = pods_of(self._cluster, found)
        if stuck := next((each for each in map(pod_trouble, pods) if each), None):
            raise MigrationFailedError(
                f"the migration {name_of(manifest)} failed: {stuck}", hint=MEND, log_tail=self._last_lines(pods)
            )

    def gone(self, path: str) -> None:
        """Wait until an object that was deleted is gone."""
        while self._cluster.get(path) is not None and not self._late():
            self._pause()

    def served(self, service: str, revision: str | None) -> str:
        """Wait until the service answers with this revision (any, for None); the one it answers with."""
        path = f"/api/v1/namespaces/{self._cluster.namespace}/services/{service}:http/proxy/version"
        last = "nothing"
        while True:
            try:
                last = str((self._cluster.get(path) or {}).get("revision") or "nothing")
            except ClusterRefusedError as error:
                last = error.message
            if last == revision or (revision is None and last != "nothing"):
                return last
            if self._late():
                raise RolloutFailedError(
                    f"{service} does not serve {revision or 'any revision'}: /version answers {last}",
                    hint="the image's GIT_REVISION says what /version answers",
                )
            self._pause()

    def _try_again(self, pods: list[dict[str, Any]]) -> None:
        """Replace pods that hang since an earlier release of the same: what was missing then may be there now."""
        with contextlib.suppress(ForbiddenError):  # then they are judged as they are
            for name in stuck_since_before(pods, self._began):
                self._cluster.delete(f"{self._folder}/{name}")
                self.gone(f"{self._folder}/{name}")

    @property
    def _folder(self) -> str:
        return f"/api/v1/namespaces/{self._cluster.namespace}/pods"

    def _last_lines(self, pods: list[dict[str, Any]]) -> tuple[str, ...]:
        for pod in pods:
            name = pod["metadata"]["name"]
            for previous in ("true", "false"):
                try:
                    text = self._cluster.text(
                        f"{self._folder}/{name}/log", tailLines=str(LAST_LINES), previous=previous
                    )
                except ClusterRefusedError:
                    continue
                if text.strip() and not text.startswith(NO_LOG):
                    return tuple(text.splitlines()[-LAST_LINES:])
        return ()

    def _late(self) -> bool:
        return time.monotonic() >= self._until

    def _pause(self) -> None:
        self._beat()
        time.sleep(LOOK_EVERY_S)
