"""A lease in the environment's namespace: two deploys at once do not mix. It runs out when its holder dies."""

import os
import socket
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from blissful_infra.delivery.kubernetes.cluster import Cluster
from blissful_infra.errors import RunFailedError

LASTS_S = 45
"""A lease that was not renewed for so long has no holder any more."""
ASK_EVERY_S = 1.0
HOLDER = "blissful-infra.dev/holder"


class DeliveryBusyError(RunFailedError):
    """Somebody else deploys to this environment."""

    code = "delivery-busy"


@dataclass(frozen=True, slots=True)
class Holder:
    """Who deploys: a run, by whom and where; `pid` is the process on that machine that goes on with it."""

    run_id: str
    by: str
    pid: int

    def __str__(self) -> str:
        return f"{self.by}, run {self.run_id}, process {self.pid}"


def here(run_id: str, by: str, pid: int) -> Holder:
    """The holder that this run is."""
    return Holder(run_id, f"{by}@{socket.gethostname()}", pid)


class Lease:
    """The lease of a project's deliveries to one namespace."""

    def __init__(self, cluster: Cluster, project: str, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._cluster = cluster
        self._now = now
        self._folder = f"/apis/coordination.k8s.io/v1/namespaces/{cluster.namespace}/leases"
        self._name = f"{project}-delivery"

    def acquire(self, holder: Holder, *, wait_s: float = 0) -> None:
        """Take it, or renew it. Raises DeliveryBusyError when another holds it for longer than `wait_s`."""
        until = time.monotonic() + wait_s
        while (other := self._taken(holder)) is not None:
            if time.monotonic() >= until:
                raise DeliveryBusyError(
                    f"another delivery to {self._cluster.namespace} goes on ({other})",
                    hint=f"wait for it (--wait), or, when it is dead, {LASTS_S} seconds",
                )
            time.sleep(ASK_EVERY_S)

    def release(self, holder: Holder) -> None:
        """Give it back, if it is this holder's."""
        found = self._cluster.get(f"{self._folder}/{self._name}")
        if found is not None and (found["spec"].get("holderIdentity")) == holder.run_id:
            self._cluster.delete(f"{self._folder}/{self._name}")

    def _taken(self, holder: Holder) -> str | None:
        """None once it is this holder's; else who has it."""
        found = self._cluster.get(f"{self._folder}/{self._name}")
        if found is None:
            made = self._cluster.create(self._folder, self._body(holder, {}))
            return None if made is not None else "it has just begun"
        spec = found.get("spec") or {}
        if spec.get("holderIdentity") != holder.run_id and not self._dead(found):
            return str((found["metadata"].get("annotations") or {}).get(HOLDER) or spec.get("holderIdentity"))
        kept = {"resourceVersion": found["metadata"]["resourceVersion"]}
        replaced = self._cluster.replace(f"{self._folder}/{self._name}", self._body(holder, kept))
        return None if replaced is not None else "it has just begun"

    def _dead(self, found: Mapping[str, Any]) -> bool:
        spec = found.get("spec") or {}
        try:
            renewed = datetime.fromisoformat(str(spec["renewTime"]))
        except (KeyError, ValueError):
            return True
        if self._now() - renewed > timedelta(seconds=spec.get("leaseDurationSeconds") or LASTS_S):
            return True
        said = str((found["metadata"].get("annotations") or {}).get(HOLDER) or "")
        place, _, pid = said.rpartition(", process ")
        here_too = place.partition(",")[0].rpartition("@")[2] == socket.gethostname()
        return here_too and pid.isdigit() and not _lives(int(pid))

    def _body(self, holder: Holder, metadata: Mapping[str, Any]) -> dict[str, Any]:
        now = self._now().strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        return {
            "apiVersion": "coordination.k8s.io/v1",
            "kind": "Lease",
            "metadata": {
                "name": self._name,
                "namespace": self._cluster.namespace,
                "annotations": {HOLDER: str(holder)},
                **metadata,
            },
            "spec": {
                "holderIdentity": holder.run_id,
                "leaseDurationSeconds": LASTS_S,
                "acquireTime": now,
                "renewTime": now,
            },
        }


def _lives(pid: int) -> bool:
    if Path("/proc/self").exists():
        return Path(f"/proc/{pid}").exists()
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
