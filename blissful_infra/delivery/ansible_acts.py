"""What the action plugin `blissful_delivery` can be asked to do: arguments in, result out, as plain mappings.

The seam between the playbooks and this package. `plan` decides everything; the acts after it are handed the plan.
"""

import dataclasses
import getpass
import json
import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, cast

from agent.errors import BlissfulError
from blissful_infra.delivery.environments import environment_of
from blissful_infra.delivery.explaining import explain
from blissful_infra.delivery.finding import lines_of_finding
from blissful_infra.delivery.gitops.committing import OverlayChange, newer_commit, push_change
from blissful_infra.delivery.gitops.installing import NEWEST, Installer
from blissful_infra.delivery.gitops.syncing import Syncing
from blissful_infra.delivery.gitops.target import target_of
from blissful_infra.delivery.kubernetes.cluster import Cluster
from blissful_infra.delivery.kubernetes.diffing import Change
from blissful_infra.delivery.kubernetes.manifests import Manifest, of_kind, title_of
from blissful_infra.delivery.kubernetes.rollout import Progress
from blissful_infra.delivery.leasing import Holder, Lease, here
from blissful_infra.delivery.plan_facts import facts_of
from blissful_infra.delivery.planning import backing_secret, plan_deploy, plan_rollback
from blissful_infra.delivery.previews.acts import PREVIEW_ACTS
from blissful_infra.delivery.previews.previews import note_use
from blissful_infra.delivery.records import Records
from blissful_infra.delivery.release import Release, Verdict
from blissful_infra.delivery.sealed import Sealed, opened
from blissful_infra.delivery.telling import lines_of_plan
from blissful_infra.delivery.watching import RolloutFailedError, Watch
from blissful_infra.errors import InterruptedRunError
from blissful_infra.paths import PROJECT_FILE
from blissful_infra.runs.failed_result import failed_result
from blissful_infra.runs.run_id import new_run_id
from blissful_infra.settings.model import BackingPlace, ProjectConfig
from blissful_infra.settings.reading import load_project

Arguments = Mapping[str, Any]
Result = dict[str, Any]
Tell = Callable[[Mapping[str, Any]], None]

RENEW_EVERY_S = 10.0
HELD = "argocd.argoproj.io/hook-finalizer"
"""What keeps a hook's Job until Argo CD lets it go; where Argo CD delivered once, and does no more, nobody does."""


class _Work:
    """What every act after the plan needs: the project, its cluster, the lease and the records."""

    def __init__(self, arguments: Arguments, tell: Tell) -> None:
        self.arguments = arguments
        self.plan: Mapping[str, Any] = arguments["plan"]
        self.folder = _project_file(arguments).resolve().parent
        self.config: ProjectConfig = load_project(_project_file(arguments))
        self.name = str(self.plan["environment"])
        self.environment = environment_of(self.config, self.name)
        self.cluster = Cluster(self.environment)
        self.records = Records(self.cluster, self.config.name)
        self.lease = Lease(self.cluster, self.config.name)
        self.target = target_of(self.folder, self.config, self.name)
        self.change = OverlayChange(**self.plan["gitops"]) if self.plan.get("gitops") else None
        self._tell = tell
        self._renewed = time.monotonic()
        self._parent = os.getppid()  # Ansible itself, whose worker this is
        self.syncing: Syncing | None = None
        if self.target is not None and self.change is not None:
            timeout_s = float(arguments.get("timeout") or 300)
            self.syncing = Syncing(self.cluster, self.target, self.name, timeout_s=timeout_s, beat=self.beat)

    @property
    def holder(self) -> Holder:
        return here(_run_id(self.plan), getpass.getuser(), self._parent)

    @property
    def release(self) -> Release:
        """The release as the plan describes it."""
        facts = {key: self.plan[key] for key in ("number", "image", "revision", "before", "restores", "migrations")}
        forced = tuple(self.plan.get("forced_gates") or ())
        at = float(self.plan["began"])
        return Release(by=self.holder.by, at=at, run_id=_run_id(self.plan), forced_gates=forced, **facts)

    def watch(self) -> Watch:
        timeout_s = float(self.arguments.get("timeout") or 300)
        return Watch(self.cluster, timeout_s=timeout_s, beat=self.beat, began=float(self.plan["began"]))

    def deployed(self, deployment: Manifest) -> Progress:
        """Wait for a Deployment; what keeps it from coming up names the Application too, where there is one."""
        try:
            return self.watch().deployment(deployment)
        except RolloutFailedError as error:
            if self.syncing is None:
                raise
            told = f"{error.message} ({self.syncing.state()})"
            raise RolloutFailedError(told, hint=error.hint, log_tail=error.log_tail) from error

    @property
    def message(self) -> str:
        """What the release's commit says."""
        restores = self.plan["restores"]
        what = (
            f"Deploy {self.config.name} to"
            if restores is None
            else f"Restore release {restores} of {self.config.name} in"
        )
        if self.plan.get("recalled"):
            what = f"Release {self.plan['number']} failed: restore release {restores} of {self.config.name} in"
        revision = f"\nrevision {self.plan['revision']}" if self.plan["revision"] else ""
        return f"{what} {self.name}\n\nimage {self.plan['image']}{revision}\n\n[skip ci]"

    def opened_secrets(self, *, backing_made: bool) -> tuple[Manifest, ...]:
        """The encrypted Secrets with their values; not the one that tells where servers are that are made here."""
        if not self.plan.get("sealed"):
            return ()
        without = f"{self.config.name}-backing" if backing_made else None
        return opened(Sealed(**self.plan["sealed"]), self.environment.namespace, without=without)

    def say(self, detail: str, *, done: bool = False) -> None:
        after = round(time.time() - float(self.plan["began"]), 1)
        self._tell({"delivery": self.name, "state": "done" if done else "going", "detail": detail, "after_s": after})

    def beat(self) -> None:
        if os.getppid() != self._parent:
            raise InterruptedRunError("Ansible was killed, and nobody waits for this release any more")
        if time.monotonic() - self._renewed > RENEW_EVERY_S:
            self.lease.acquire(self.holder)
            self._renewed = time.monotonic()


def _plan(arguments: Arguments, tell: Tell, *, check: bool) -> Result:
    began = time.time()
    project_file = _project_file(arguments)
    config = load_project(project_file)
    name = str(arguments["environment"])
    if arguments.get("rollback"):
        to = arguments.get("to")
        number = None if to in {None, ""} else int(str(to))
        plan = plan_rollback(project_file.resolve().parent, config, name, to=number, force=bool(arguments.get("force")))
    else:
        image, ref = (str(arguments.get(key) or "") or None for key in ("image", "ref"))
        plan = plan_deploy(project_file.resolve().parent, config, name, image=image, ref=ref)
    for line in lines_of_plan(plan):
        tell({"delivery": name, "state": "going", "detail": line})
    facts = facts_of(plan, began, _run_id({})) | {"forced_gates": list(arguments.get("forced_gates") or ())}
    if check and not plan.namespace_exists:
        facts["phases"] = _checkable(facts["phases"])
    return {"changed": any(each.change is not Change.SAME for each in plan.diffs), "plan": facts}


def _checkable(phases: Mapping[str, list[Manifest]]) -> dict[str, list[Manifest]]:
    """What check mode can ask the cluster about while the namespace is not there: the namespace itself."""
    return {key: list(of_kind(found, "Namespace")) for key, found in phases.items()}


def _open(arguments: Arguments, tell: Tell, *, check: bool) -> Result:
    """Namespace, lease, generated Secret, and the record: written before anything is applied."""
    work = _Work(arguments, tell)
    if work.syncing is not None:
        work.syncing.application()  # without one, nothing would come of it
    if check:
        return {"changed": True}
    note_use(work.config, work.name)
    for namespace in of_kind(work.plan["phases"]["groundwork"], "Namespace"):
        if not work.cluster.get(work.cluster.path_of(namespace)):
            work.cluster.apply(namespace)
    work.lease.acquire(work.holder, wait_s=float(arguments.get("lock_wait") or 0))
    if work.environment.backing is BackingPlace.IN_CLUSTER and work.config.backing.enabled():
        work.cluster.create(
            f"/api/v1/namespaces/{work.cluster.namespace}/secrets", backing_secret(work.config, work.environment)
        )
    for secret in work.opened_secrets(backing_made=work.environment.backing is BackingPlace.IN_CLUSTER):
        work.cluster.apply(secret)
    work.records.begin(work.release, work.plan["manifests"])
    return {"changed": True}


def _commit(arguments: Arguments, tell: Tell, *, check: bool) -> Result:
    """One commit to the branch that Argo CD follows; none where the branch holds the change already."""
    work = _Work(arguments, tell)
    if check or work.change is None or work.target is None:
        return {"changed": True, "commit": None}
    commit, made = push_change(work.target, work.change, work.message, project_folder=work.folder, beat=work.beat)
    if not work.plan.get("recalled"):
        work.records.note(int(work.plan["number"]), commit)
    if made:
        work.say(f"committed {commit[:12]} to {work.target.branch}", done=True)
    else:
        work.say(f"{work.target.branch} holds it already, at {commit[:12]}", done=True)
    return {"changed": made, "commit": commit}


def _sync(arguments: Arguments, tell: Tell, *, check: bool) -> Result:
    """Argo CD takes the commit: asked to look at once, and waited for."""
    work = _Work(arguments, tell)
    change, target, syncing = work.change, work.target, work.syncing
    if check or change is None or target is None or syncing is None:
        return {"changed": True}

    def failed_migration() -> None:
        for job in of_kind(work.plan["phases"]["migrations"], "Job"):
            work.watch().job(job)

    def stuck_migration(since: str | None) -> None:
        for job in of_kind(work.plan["phases"]["migrations"], "Job"):
            work.watch().refuse_stuck(job, since)

    synced = syncing.sync(
        str(arguments["commit"]),
        newer=lambda commit: newer_commit(target, change, commit),
        failed_migration=failed_migration,
        stuck_migration=stuck_migration,
    )
    work.say(f"Argo CD synced {synced[:12]}", done=True)
    return {"changed": True}


def _await_groundwork(arguments: Arguments, tell: Tell, *, check: bool) -> Result:
    work = _Work(arguments, tell)
    servers = of_kind(work.plan["phases"]["groundwork"], "StatefulSet")
    if not check:
        for server in servers:
            work.watch().stateful(server)
            work.say(f"{title_of(server)} ready", done=True)
    return {"changed": False}


def _clear_migrations(arguments: Arguments, tell: Tell, *, check: bool) -> Result:
    """The Jobs of the release before: a Job cannot be changed."""
    work = _Work(arguments, tell)
    cleared = False
    for job in of_kind(work.plan["phases"]["migrations"], "Job"):
        path = work.cluster.path_of(job)
        if not check and work.cluster.delete(path):
            if HELD in ((work.cluster.get(path) or {}).get("metadata") or {}).get("finalizers", ()):
                work.cluster.merge(path, {"metadata": {"finalizers": None}})
            work.watch().gone(path)
            cleared = True
    return {"changed": cleared}


def _await_migrations(arguments: Arguments, tell: Tell, *, check: bool) -> Result:
    work = _Work(arguments, tell)
    if not check:
        for job in of_kind(work.plan["phases"]["migrations"], "Job"):
            work.watch().job(job)
            work.say(f"{title_of(job)} done", done=True)
    return {"changed": False}


def _await_serving(arguments: Arguments, tell: Tell, *, check: bool) -> Result:
    work = _Work(arguments, tell)
    if check:
        return {"changed": False}
    for deployment in of_kind(work.plan["phases"]["serving"], "Deployment"):
        progress = work.deployed(deployment)
        work.say(f"{title_of(deployment)}: {progress.detail}", done=True)
    if work.syncing is not None:
        work.say(work.syncing.healthy(), done=True)
    served = work.watch().served(work.config.name, work.plan["revision"])
    work.say(f"serves {served}", done=True)
    return {"changed": False, "served": served}


def _settle(arguments: Arguments, tell: Tell, *, check: bool) -> Result:
    """The verdict goes into the record; after a good one, what the release no longer has is removed."""
    work = _Work(arguments, tell)
    if check:
        return {"changed": False}
    verdict = Verdict(str(arguments["verdict"]))
    if verdict is Verdict.SERVED:
        for leftover in work.plan["leftovers"]:
            work.cluster.delete(work.cluster.path_of(leftover))
    seconds = round(time.time() - float(work.plan["began"]), 1)
    reason = str(arguments.get("reason") or "") or None
    finding = arguments.get("finding") or None
    commit = work.records.commit_of(work.release.number) if work.plan.get("gitops") else None
    settled = dataclasses.replace(
        work.release, verdict=verdict, seconds=seconds, reason=reason, finding=finding, commit=commit
    )
    work.records.settle(settled)
    if verdict is Verdict.SERVED:
        work.say(f"Release {settled.number} of {work.name} serves", done=True)
    elif verdict is Verdict.ROLLED_BACK:
        work.say(f"Release {settled.number} failed; release {settled.before} serves again", done=True)
    return {"changed": False, "release": dataclasses.asdict(settled)}


def _explain(arguments: Arguments, tell: Tell, *, check: bool) -> Result:
    """What the agent finds while what failed is still there. Never an error: the release's own is the one to tell."""
    if check:
        return {"changed": False, "finding": {}, "explanation": []}
    work = _Work(arguments, tell)
    told = explain(
        work.config.name,
        context=work.cluster.context,
        namespace=work.cluster.namespace,
        folder=work.folder,
        since=float(work.plan["began"]),
    )
    lines = list(lines_of_finding(told.finding)) if told.finding else [f"no finding: {told.detail}"]
    return {"changed": False, "finding": dict(told.finding or {}), "explanation": lines}


def _recall(arguments: Arguments, tell: Tell, *, check: bool) -> Result:
    """The release before, as phases to apply again, after one that failed."""
    work = _Work(arguments, tell)
    before = work.plan["before"]
    found = plan_rollback(work.folder, work.config, work.name, to=int(before), force=True)
    work.say(f"going back to release {before}")
    facts = facts_of(found, float(work.plan["began"]), _run_id(work.plan))
    ours = {"number": work.plan["number"], "run_id": work.plan["run_id"], "recalled": True}
    return {"changed": False, "plan": facts | ours}


def _close(arguments: Arguments, tell: Tell, *, check: bool) -> Result:
    if not check and arguments.get("plan"):
        work = _Work(arguments, tell)
        work.lease.release(work.holder)
    return {"changed": False}


def _install_argocd(arguments: Arguments, tell: Tell, *, check: bool) -> Result:
    """Argo CD's release into a cluster; in check mode, only what that would be."""
    began, file = time.time(), str(arguments.get("file") or "")
    sha256 = str(arguments.get("sha256") or "") or None
    version = str(arguments.get("version") or "") or NEWEST
    installer = Installer(str(arguments["context"]), version, sha256=sha256, file=Path(file) if file else None)

    def say(detail: str) -> None:
        tell({"delivery": "argocd", "state": "done", "detail": detail, "after_s": round(time.time() - began, 1)})

    manifests = installer.manifests() if file or not check else ()
    foreseen = installer.foreseen(manifests)
    if check:
        lines = (f"Argo CD {foreseen.version} would be installed into {foreseen.cluster} ({foreseen.server})",
                 f"  from {foreseen.url}", f"  sha256 {foreseen.sha256}")  # fmt: skip
        for line in lines:
            tell({"delivery": "argocd", "state": "going", "detail": line})
    else:
        installer.install(manifests, say, timeout_s=float(arguments.get("timeout") or 600))
    return {"changed": True, "installation": dataclasses.asdict(foreseen)}


ACTS: Mapping[str, Callable[..., Result]] = {
    "plan": _plan,
    "open": _open,
    "commit": _commit,
    "sync": _sync,
    "await_groundwork": _await_groundwork,
    "clear_migrations": _clear_migrations,
    "await_migrations": _await_migrations,
    "await_serving": _await_serving,
    "settle": _settle,
    "explain": _explain,
    "recall": _recall,
    "close": _close,
    "install_argocd": _install_argocd,
}


def perform(act: str, arguments: Arguments, tell: Tell, *, check: bool) -> Result:
    """Do one act; an error comes back as a failed result that says what happened, why, and what mends it."""
    acts = {**ACTS, **PREVIEW_ACTS}
    if act not in acts:
        return {"failed": True, "msg": f"unknown act {act}; there are {', '.join(acts)}"}
    try:
        result = acts[act](arguments, tell, check=check)
    except BlissfulError as error:
        return failed_result(error)
    return cast(Result, json.loads(json.dumps(result, default=str)))


def _run_id(plan: Mapping[str, Any]) -> str:
    """The run this belongs to: the plan's, the command line's, the event recorder's, or a new one."""
    environ = os.environ
    known = plan.get("run_id") or environ.get("BLISSFUL_RUN_ID") or environ.get("BLISSFUL_PLAIN_RUN_ID")
    return str(known or new_run_id("deploy"))


def _project_file(arguments: Arguments) -> Path:
    folder = Path(str(arguments["project"]))
    return folder if folder.name == PROJECT_FILE else folder / PROJECT_FILE
