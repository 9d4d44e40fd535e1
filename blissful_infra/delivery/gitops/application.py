"""What the state of an Application means to a release that waits for one commit. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

REFRESH = "argocd.argoproj.io/refresh"
BLOCKED = "blocked by sync window"
TRIES = 2
"""So often Argo CD tries again by itself before a resource that it cannot apply is told."""

Application = Mapping[str, Any]


class Step(StrEnum):
    """What comes next."""

    DONE = "done"
    WAIT = "wait"
    ASK = "ask"
    """Nobody syncs: ask for it."""
    STOP = "stop"
    """An older commit is still being synced: end that."""
    ELSEWHERE = "elsewhere"
    """It compares with another commit."""
    BROKEN = "broken"
    """It cannot even compare; perhaps for a moment."""
    MIGRATION = "migration"
    """A hook failed."""
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Look:
    """One look at an Application; `lines` are Argo CD's own messages, `syncing` says that our commit's sync goes on."""

    step: Step
    detail: str
    lines: tuple[str, ...] = ()
    syncing: bool = False


def look_at(app: Application, commit: str, *, earlier: str | None) -> Look:
    """What to do for this commit to be synced. `earlier` is when the operation began that was known beforehand."""
    status = app.get("status") or {}
    if REFRESH in ((app.get("metadata") or {}).get("annotations") or {}):
        return Look(Step.WAIT, "Argo CD reads the repository")
    operation = status.get("operationState") or {}
    phase, new = operation.get("phase"), operation.get("startedAt") != earlier
    ours = _revision(operation) in {commit, ""}
    lines = tuple(_messages(operation)) if ours else ()
    if phase == "Running" and not ours:
        return Look(Step.STOP, f"Argo CD still syncs {_revision(operation)[:12]}")
    if ours and (phase == "Running" or new) and (hook := _failed_hook(operation)):
        return Look(Step.MIGRATION, hook, lines)
    if phase == "Running" and BLOCKED in str(operation.get("message")):
        return Look(Step.FAILED, "a sync window keeps it from syncing now; it will, as soon as it may")
    if phase == "Running" and int(operation.get("retryCount") or 0) >= TRIES and lines:
        return Look(Step.FAILED, str(operation.get("message") or "it retries"), lines)
    if phase in {"Running", "Terminating"} or app.get("operation"):
        told = f"Argo CD syncs: {operation.get('message') or 'begins'}"
        return Look(Step.WAIT, told, lines, syncing=ours and phase == "Running")
    if phase in {"Failed", "Error"} and ours and new:
        return Look(Step.FAILED, str(operation.get("message") or phase), lines)
    if broken := tuple(troubles_of(app)):
        return Look(Step.BROKEN, broken[0], broken)
    sync = status.get("sync") or {}
    if sync.get("revision") != commit:
        return Look(Step.ELSEWHERE, f"Argo CD compares with {str(sync.get('revision') or 'no commit')[:12]}")
    if sync.get("status") == "Synced":
        return Look(Step.DONE, "Synced")
    differing = ", ".join(differing_in(app)) or "something"
    if ours and new and phase == "Succeeded":
        return Look(Step.WAIT, f"synced, but still OutOfSync: {differing}")
    return Look(Step.ASK, f"OutOfSync: {differing}")


def health_of(app: Application) -> str:
    """Healthy, Progressing, Degraded, Suspended, Missing or Unknown."""
    return str(((app.get("status") or {}).get("health") or {}).get("status") or "Unknown")


def sync_of(app: Application) -> str:
    """Synced, OutOfSync or Unknown."""
    return str(((app.get("status") or {}).get("sync") or {}).get("status") or "Unknown")


def troubles_of(app: Application) -> Iterator[str]:
    """Why Argo CD cannot compare: a repository that does not answer, manifests that do not render, a refused spec.

    A failed sync is no such trouble: its operation says more.
    """
    for each in (app.get("status") or {}).get("conditions") or ():
        kind = str(each.get("type"))
        if kind.endswith("Error") and kind != "SyncError":
            yield f"{kind}: {_line(each.get('message'))}"


def differing_in(app: Application) -> Iterator[str]:
    """The objects that are not as the branch has them."""
    for each in (app.get("status") or {}).get("resources") or ():
        if each.get("status") == "OutOfSync":
            yield f"{each.get('kind')}/{each.get('name')}"


def started_at(app: Application) -> str | None:
    """When the newest operation began."""
    found = ((app.get("status") or {}).get("operationState") or {}).get("startedAt")
    return None if found is None else str(found)


def is_automatic(app: Application) -> bool:
    """Whether Argo CD syncs by itself."""
    automated = ((app.get("spec") or {}).get("syncPolicy") or {}).get("automated")
    return automated is not None and automated.get("enabled") is not False


def _revision(operation: Mapping[str, Any]) -> str:
    asked = ((operation.get("operation") or {}).get("sync") or {}).get("revision")
    return str((operation.get("syncResult") or {}).get("revision") or asked or "")


def _results(operation: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield from (operation.get("syncResult") or {}).get("resources") or ()


def _failed_hook(operation: Mapping[str, Any]) -> str | None:
    for each in _results(operation):
        if each.get("hookType") and each.get("hookPhase") in {"Failed", "Error"}:
            return f"{each.get('kind')}/{each.get('name')}: {_line(each.get('message')) or 'it failed'}"
    return None


def _messages(operation: Mapping[str, Any]) -> Iterator[str]:
    for each in _results(operation):
        if each.get("status") == "SyncFailed" or each.get("hookPhase") in {"Failed", "Error"}:
            yield f"{each.get('kind')}/{each.get('name')}: {_line(each.get('message'))}"


def _line(text: object) -> str:
    return " ".join(str(text or "").split())[:600]
