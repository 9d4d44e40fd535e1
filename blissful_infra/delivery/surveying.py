"""How each environment is: what serves there, whether it is well, and what differs from the release that was made."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from agent.errors import BlissfulError
from blissful_infra.delivery.gitops.application import differing_in, health_of, sync_of, troubles_of
from blissful_infra.delivery.gitops.target import target_of
from blissful_infra.delivery.kubernetes.cluster import Cluster, ClusterRefusedError
from blissful_infra.delivery.kubernetes.diffing import Change, diff_of
from blissful_infra.delivery.kubernetes.manifests import Manifest, title_of
from blissful_infra.delivery.kubernetes.pods import newest_pods
from blissful_infra.delivery.kubernetes.rollout import progress_of
from blissful_infra.delivery.records import Records
from blissful_infra.delivery.release import Release, serving
from blissful_infra.settings.model import Environment, ProjectConfig

AT_ONCE = 8


class Health(StrEnum):
    """How an environment is."""

    HEALTHY = "healthy"
    PROGRESSING = "progressing"
    DEGRADED = "degraded"
    ABSENT = "absent"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True)
class ArgoCdStatus:
    """What Argo CD says of an environment: its own words for sync and health."""

    application: str
    sync: str
    health: str
    commit: str | None = None
    detail: str | None = None


class Sync(StrEnum):
    """Whether the cluster has what the last good release brought."""

    SYNCED = "synced"
    DRIFTED = "drifted"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class EnvironmentStatus:
    """One environment. `revision` is what answers, not what was asked for; `drift` names the objects that differ."""

    name: str
    cluster: str
    namespace: str
    health: Health
    sync: Sync = Sync.UNKNOWN
    release: int | None = None
    image: str | None = None
    revision: str | None = None
    version: str | None = None
    age_s: float | None = None
    drift: tuple[str, ...] = ()
    detail: str | None = None
    argocd: ArgoCdStatus | None = None


def status_of_environments(folder: Path, config: ProjectConfig) -> tuple[EnvironmentStatus, ...]:
    """Every environment that the project declares, asked at once; one that cannot be reached says so."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        found = pool.map(lambda item: status_of_environment(folder, config, *item), config.environments.items())
        return tuple(found)


def status_of_environment(
    folder: Path, config: ProjectConfig, name: str, environment: Environment
) -> EnvironmentStatus:
    """How one environment is."""
    place = (name, environment.cluster, environment.namespace)
    try:
        cluster = Cluster(environment)
        records = Records(cluster, config.name)
        release = serving(records.all())
        path = f"/apis/apps/v1/namespaces/{environment.namespace}/deployments/{config.name}"
        argocd = _argocd(folder, config, name, cluster)
        deployment = cluster.get(path)
        if deployment is None:
            return EnvironmentStatus(*place, Health.ABSENT, detail="nothing is deployed there", argocd=argocd)
        progress = progress_of(deployment, newest_pods(cluster, deployment))
        health = Health.DEGRADED if progress.failed else Health.HEALTHY if progress.done else Health.PROGRESSING
        drift = _drift(cluster, records.manifests(release.number)) if release else ()
        answer = _version_of(cluster, config.name)
    except BlissfulError as error:
        return EnvironmentStatus(*place, Health.UNREACHABLE, detail=error.message)
    return EnvironmentStatus(
        *place,
        health,
        Sync.UNKNOWN if release is None else Sync.DRIFTED if drift else Sync.SYNCED,
        release.number if release else None,
        release.image if release else None,
        answer.get("revision"),
        answer.get("version"),
        _age(release),
        drift,
        None if health is Health.HEALTHY else progress.detail,
        argocd,
    )


def _argocd(folder: Path, config: ProjectConfig, name: str, cluster: Cluster) -> ArgoCdStatus | None:
    """What Argo CD says, where it delivers; an Application that is not there is Unknown."""
    target = target_of(folder, config, name)
    if target is None:
        return None
    title = f"{target.argocd_namespace}/{target.application}"
    try:
        app = cluster.get(target.api_path)
    except ClusterRefusedError as error:
        return ArgoCdStatus(title, "Unknown", "Unknown", detail=error.message)
    if app is None:
        return ArgoCdStatus(title, "Unknown", "Unknown", detail=f"there is no Application {title}")
    said = next(troubles_of(app), None) or ", ".join(differing_in(app)) or None
    commit = ((app.get("status") or {}).get("sync") or {}).get("revision")
    return ArgoCdStatus(title, sync_of(app), health_of(app), commit, said)


def _drift(cluster: Cluster, manifests: tuple[Manifest, ...]) -> tuple[str, ...]:
    """The objects that a new apply of the release would change or make again."""
    lasting = [each for each in manifests if each["kind"] not in {"Job", "Namespace"}]
    diffs = (
        diff_of(title_of(each), cluster.get(cluster.path_of(each)), cluster.apply(each, dry_run=True))
        for each in lasting
    )
    return tuple(each.title for each in diffs if each.change is not Change.SAME)


def _version_of(cluster: Cluster, service: str) -> dict[str, str]:
    path = f"/api/v1/namespaces/{cluster.namespace}/services/{service}:http/proxy/version"
    try:
        found = cluster.get(path) or {}
    except ClusterRefusedError:
        return {}
    return {key: str(found[key]) for key in ("revision", "version") if found.get(key)}


def _age(release: Release | None) -> float | None:
    return None if release is None else max(0.0, time.time() - release.at)
