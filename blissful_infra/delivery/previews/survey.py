"""How each preview is: what serves there, whose it is, and how long it stays.

One request finds the namespaces, one their Deployments (where the account may list them all), one more each asks for
the revision that serves.
"""

import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agent.errors import BlissfulError
from blissful_infra.delivery.kubernetes.cluster import ClusterRefusedError, ForbiddenError
from blissful_infra.delivery.kubernetes.pods import newest_pods
from blissful_infra.delivery.kubernetes.rollout import progress_of
from blissful_infra.delivery.previews.preview import Preview, environment_name, preview_environment
from blissful_infra.delivery.previews.previews import Previews
from blissful_infra.delivery.surveying import EnvironmentStatus, Health, status_of_environments
from blissful_infra.settings.model import ProjectConfig

AT_ONCE = 8
Deployments = Mapping[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class PreviewStatus:
    """One preview. `revision` is what answers; `ttl_left_s` falls below nothing when it may be reaped."""

    name: str
    environment: str
    cluster: str
    namespace: str
    branch: str | None
    pr: int | None
    owner: str
    health: Health
    revision: str | None
    url: str | None
    age_s: float
    last_used_s: float
    ttl_left_s: float
    keep: bool
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class Survey:
    """Every environment and preview of a project; `previews_detail` says why the previews cannot be known."""

    environments: tuple[EnvironmentStatus, ...]
    previews: tuple[PreviewStatus, ...]
    previews_detail: str | None = None


def survey(folder: Path, config: ProjectConfig) -> Survey:
    """All of them, asked at once; what cannot be reached says so."""
    with ThreadPoolExecutor(1) as beside:
        previews = beside.submit(lambda: status_of_previews(config) if config.previews else ())
        environments = status_of_environments(folder, config)
        try:
            return Survey(environments, previews.result())
        except BlissfulError as error:
            return Survey(environments, (), error.message)


def status_of_previews(config: ProjectConfig) -> tuple[PreviewStatus, ...]:
    """Every preview, asked at once. Raises where their cluster does not answer."""
    previews = Previews(config)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        all_deployments = pool.submit(_deployments, previews)
        found, deployments = previews.all(), all_deployments.result()
        return tuple(pool.map(lambda each: status_of(previews, each, deployments), found))


def url_of(config: ProjectConfig, name: str) -> str | None:
    """Where a preview is reached from outside; None where there is no Ingress."""
    environment = preview_environment(config, environment_name(name))
    return f"http://{environment.host}" if environment and environment.host else None


def status_of(previews: Previews, preview: Preview, deployments: Deployments | None = None) -> PreviewStatus:
    """One preview as it is now; `deployments` are those of every namespace, where they were asked for already."""
    now = time.time()
    health, revision, detail = _health_of(previews, preview, deployments)
    return PreviewStatus(
        preview.name,
        environment_name(preview.name),
        previews.settings.cluster,
        preview.namespace,
        preview.subject.branch,
        preview.subject.pr,
        preview.owner,
        health,
        revision,
        url_of(previews.config, preview.name),
        round(max(0.0, now - preview.created), 1),
        round(max(0.0, now - preview.last_used), 1),
        round(preview.left_s(now), 1),
        preview.keep,
        detail,
    )


def _deployments(previews: Previews) -> Deployments | None:
    """The project's Deployment of each namespace; None where the account may not look at all namespaces."""
    name = f"metadata.name={previews.config.name}"
    try:
        found = previews.cluster.items("/apis/apps/v1/deployments", fieldSelector=name)
    except ForbiddenError:
        return None
    return {each["metadata"]["namespace"]: each for each in found}


def _health_of(
    previews: Previews, preview: Preview, deployments: Deployments | None
) -> tuple[Health, str | None, str | None]:
    if preview.ending:
        return Health.ABSENT, None, "it is being deleted"
    cluster, project = previews.cluster.within(preview.namespace), previews.config.name
    inside = f"namespaces/{preview.namespace}"
    try:
        if deployments is None:
            deployment = cluster.get(f"/apis/apps/v1/{inside}/deployments/{project}")
        else:
            deployment = deployments.get(preview.namespace)
        if deployment is None:
            return Health.ABSENT, None, "nothing is deployed there"
        progress = progress_of(deployment, ())
        if not progress.done:
            progress = progress_of(deployment, newest_pods(cluster, deployment))
        health = Health.DEGRADED if progress.failed else Health.HEALTHY if progress.done else Health.PROGRESSING
        try:
            answer = cluster.get(f"/api/v1/{inside}/services/{project}:http/proxy/version") or {}
        except ClusterRefusedError:
            answer = {}
    except BlissfulError as error:
        return Health.UNREACHABLE, None, error.message
    revision = str(answer["revision"]) if answer.get("revision") else None
    return health, revision, None if health is Health.HEALTHY else progress.detail
