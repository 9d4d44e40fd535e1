"""Tells Argo CD about a project: the objects for each cluster, shown or applied."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from blissful_infra.delivery.environments import environment_of
from blissful_infra.delivery.gitops.resources import (
    Delivered,
    Resource,
    application_of,
    previews_of,
    project_of,
    rights_of,
)
from blissful_infra.delivery.gitops.target import target_of
from blissful_infra.delivery.images.image import ImageReference
from blissful_infra.delivery.images.imaging import ImageWork
from blissful_infra.delivery.kubernetes.cluster import Cluster
from blissful_infra.delivery.kubernetes.manifests import title_of
from blissful_infra.errors import UsageError
from blissful_infra.settings.model import ProjectConfig


class NoGitOpsError(UsageError):
    """No environment says that Argo CD delivers it."""

    code = "no-gitops"


@dataclass(frozen=True, slots=True)
class Registration:
    """The objects of one cluster, in the order they go in."""

    cluster: str
    resources: tuple[Resource, ...]


def registrations_of(
    folder: Path, config: ProjectConfig, names: Sequence[str], *, github: str | None = None
) -> tuple[Registration, ...]:
    """What Argo CD needs for these environments, for all it delivers where none is named, by cluster.

    The AppProject always allows every one of them. `github` adds the previews of that repository's pull requests.
    """
    for name in names:
        if environment_of(config, name).gitops is None:
            raise NoGitOpsError(
                f"Argo CD does not deliver {name}", hint=f"environments.{name}.gitops in blissful-infra.yaml says so"
            )
    delivered = tuple(_delivered(folder, config))
    if not delivered:
        raise NoGitOpsError(
            "no environment is delivered by Argo CD",
            hint="give one `gitops: {}` under `environments` of blissful-infra.yaml",
        )
    places = dict.fromkeys((each.environment.cluster, each.target.argocd_namespace) for each in delivered)
    image = ImageReference(ImageWork(folder, config).repository)
    found = []
    for cluster, namespace in places:
        there = [
            each
            for each in delivered
            if (each.environment.cluster, each.target.argocd_namespace) == (cluster, namespace)
        ]
        wanted = [each for each in there if not names or each.name in names]
        if not wanted:
            continue
        previews = github is not None and wanted[0] is next(
            each for each in delivered if not names or each.name in names
        )
        resources = [project_of(config.name, there, previews=previews)]
        resources += [application_of(config.name, each) for each in wanted]
        resources += rights_of(config.name, there)
        if previews and github is not None:
            resources.append(previews_of(config.name, wanted[0], github, image))
        found.append(Registration(cluster, tuple(resources)))
    return tuple(found)


def register(config: ProjectConfig, registrations: Sequence[Registration]) -> Iterator[str]:
    """Apply them, previews left out: those are for an administrator to judge. What was applied, in words."""
    for each in registrations:
        environment = next(found for found in config.environments.values() if found.cluster == each.cluster)
        cluster = Cluster(environment)
        for resource in each.resources:
            if resource["kind"] == "ApplicationSet":
                continue
            cluster.apply(resource)
            yield f"applied {title_of(resource)} in {resource['metadata']['namespace']} of {each.cluster}"


def _delivered(folder: Path, config: ProjectConfig) -> Iterator[Delivered]:
    for name, environment in config.environments.items():
        target: Any = target_of(folder, config, name)
        if target is not None:
            yield Delivered(name, environment, target)
