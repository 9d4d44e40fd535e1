"""The objects that Argo CD needs for a project: what it may do, and what it applies. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from blissful_infra.delivery.gitops.target import GitOpsTarget
from blissful_infra.delivery.images.image import ImageReference
from blissful_infra.settings.model import Environment

API = "argoproj.io/v1alpha1"
RBAC = "rbac.authorization.k8s.io/v1"
HERE = "https://kubernetes.default.svc"
"""The cluster that Argo CD runs in: an environment is delivered by its own cluster's."""
KINDS: Mapping[str, tuple[str, ...]] = {
    "": ("ConfigMap", "LimitRange", "PersistentVolumeClaim", "ResourceQuota", "Service", "ServiceAccount"),
    "apps": ("Deployment", "StatefulSet"),
    "autoscaling": ("HorizontalPodAutoscaler",),
    "batch": ("CronJob", "Job"),
    "networking.k8s.io": ("Ingress", "NetworkPolicy"),
    "policy": ("PodDisruptionBudget",),
    "bitnami.com": ("SealedSecret",),
    "external-secrets.io": ("ExternalSecret",),
}
"""What an overlay may hold. Secrets themselves are in no repository, and rights are no business of a service."""
RETRY = {"limit": 3, "backoff": {"duration": "5s", "factor": 2, "maxDuration": "1m"}}

Resource = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Delivered:
    """One environment that Argo CD delivers."""

    name: str
    environment: Environment
    target: GitOpsTarget


def project_of(name: str, delivered: Iterable[Delivered], *, previews: bool = False) -> Resource:
    """The AppProject of one cluster: these repositories, namespaces and kinds, and nothing else."""
    found = tuple(delivered)
    namespaces = sorted({each.environment.namespace for each in found})
    repositories = {each.target.shown for each in found}
    spec: dict[str, Any] = {
        "description": f"{name}, by blissful-infra",
        "sourceRepos": sorted(repositories),
        "destinations": [
            {"server": HERE, "namespace": each} for each in (*namespaces, *([f"{name}-pr-*"] if previews else ()))
        ],
        "clusterResourceWhitelist": [{"group": "", "kind": "Namespace"}],
        "namespaceResourceWhitelist": [
            {"group": group, "kind": kind} for group, kinds in KINDS.items() for kind in kinds
        ],
    }
    windows = [
        {
            "kind": window.kind.value,
            "schedule": window.schedule,
            "duration": window.duration,
            "timeZone": window.time_zone,
            "applications": [each.target.application],
        }
        for each in found
        if each.environment.gitops is not None
        for window in each.environment.gitops.windows
    ]
    if windows:
        spec["syncWindows"] = windows
    return _resource("AppProject", name, found[0].target.argocd_namespace, name, spec)


def application_of(project: str, delivered: Delivered) -> Resource:
    """The Application of an environment: synced by itself, healed, pruned, tried again.

    Without a finalizer: who deletes the Application leaves what runs.
    """
    target = delivered.target
    spec = {
        "project": project,
        "source": {"repoURL": target.shown, "targetRevision": target.branch, "path": target.path},
        "destination": {"server": HERE, "namespace": delivered.environment.namespace},
        "syncPolicy": {
            "automated": {"prune": True, "selfHeal": True},
            "syncOptions": ["ServerSideApply=true", "PruneLast=true"],
            "retry": RETRY,
        },
        "revisionHistoryLimit": 10,
    }
    return _resource("Application", target.application, target.argocd_namespace, project, spec)


def rights_of(project: str, delivered: Iterable[Delivered]) -> tuple[Resource, Resource]:
    """A Role for the accounts of deploy/rbac: to look at these Applications and to ask them to sync, no other."""
    found = tuple(delivered)
    name, namespace = f"{project}-deployer", found[0].target.argocd_namespace
    rule = {
        "apiGroups": ["argoproj.io"],
        "resources": ["applications"],
        "resourceNames": sorted({each.target.application for each in found}),
        "verbs": ["get", "patch"],
    }
    spaces = sorted({each.environment.namespace for each in found})
    binding = {
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": name},
        "subjects": [{"kind": "ServiceAccount", "name": name, "namespace": each} for each in spaces],
    }
    return (
        {**_head(RBAC, "Role", name, namespace, project), "rules": [rule]},
        {**_head(RBAC, "RoleBinding", name, namespace, project), **binding},
    )


def previews_of(project: str, delivered: Delivered, github: str, image: ImageReference) -> Resource:
    """An ApplicationSet that makes an environment of each pull request with the label `preview`, and ends it with that.

    It takes the overlay of an environment, moved to a namespace of its own, on the image of the pull request's commit.
    """
    owner, _, repository = github.partition("/")
    target = delivered.target
    namespace = f"{project}-pr-{{{{.number}}}}"
    spec = {
        "goTemplate": True,
        "goTemplateOptions": ["missingkey=error"],
        "generators": [
            {
                "pullRequest": {
                    "requeueAfterSeconds": 120,
                    "github": {
                        "owner": owner,
                        "repo": repository,
                        "labels": ["preview"],
                        "tokenRef": {"secretName": f"{project}-github", "key": "token"},
                    },
                }
            }
        ],
        "template": {
            "metadata": {
                "name": namespace,
                "labels": {"app.kubernetes.io/part-of": project},
                "finalizers": ["resources-finalizer.argocd.argoproj.io"],
            },
            "spec": {
                "project": project,
                "source": {
                    "repoURL": target.shown,
                    "targetRevision": "{{.head_sha}}",
                    "path": target.path,
                    "kustomize": {
                        "namespace": namespace,
                        "images": [f"{project}={image.repository}:{{{{.head_sha}}}}"],
                        "components": ["../../components/backing"],
                        "ignoreMissingComponents": True,
                        "replicas": [{"name": project, "count": 1}],
                    },
                },
                "destination": {"server": HERE, "namespace": namespace},
                "syncPolicy": {
                    "automated": {"prune": True, "selfHeal": True},
                    "syncOptions": ["ServerSideApply=true", "CreateNamespace=true"],
                    "retry": RETRY,
                },
            },
        },
    }
    return _resource("ApplicationSet", f"{project}-previews", target.argocd_namespace, project, spec)


def _resource(kind: str, name: str, namespace: str, project: str, spec: Mapping[str, Any]) -> Resource:
    return {**_head(API, kind, name, namespace, project), "spec": dict(spec)}


def _head(api: str, kind: str, name: str, namespace: str, project: str) -> Resource:
    labels = {"app.kubernetes.io/part-of": project, "app.kubernetes.io/managed-by": "blissful-infra"}
    return {
        "apiVersion": api,
        "kind": kind,
        "metadata": {"name": name, "namespace": namespace, "labels": labels},
    }
