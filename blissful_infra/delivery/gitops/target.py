"""Where an environment's overlay is kept, and which Application follows it."""

import re
from dataclasses import dataclass
from pathlib import Path

from blissful_infra.delivery.commands import CommandFailedError, run
from blissful_infra.errors import ConfigurationError
from blissful_infra.settings.model import ProjectConfig

PASSWORD = re.compile(r"(?<=://)[^/@\s]+@")


class NoRemoteError(ConfigurationError):
    """The project has no remote, and its settings name no repository."""

    code = "no-remote"


@dataclass(frozen=True, slots=True)
class GitOpsTarget:
    """A branch of a repository with an environment's overlay, and the Application that applies it.

    `repository` may hold a password, where the project's remote does; `shown` never does.
    """

    repository: str
    branch: str
    path: str
    application: str
    argocd_namespace: str

    @property
    def api_path(self) -> str:
        """Where the Application is found in the cluster."""
        return f"/apis/argoproj.io/v1alpha1/namespaces/{self.argocd_namespace}/applications/{self.application}"

    @property
    def shown(self) -> str:
        """The repository without user and password.

        >>> GitOpsTarget("https://me:secret@git.example/a.git", "main", "deploy", "a", "argocd").shown
        'https://git.example/a.git'
        """
        if self.repository.startswith(("http://", "https://")):
            return PASSWORD.sub("", self.repository)
        return self.repository


def target_of(folder: Path, config: ProjectConfig, name: str) -> GitOpsTarget | None:
    """Where the environment's overlay is; None where no Argo CD delivers it. Raises NoRemoteError."""
    environment = config.environments.get(name)
    if environment is None or environment.gitops is None:  # a preview stands in no file
        return None
    gitops = environment.gitops
    inside = f"deploy/overlays/{environment.overlay or name}"
    repository = gitops.repository
    if repository is None:
        try:
            repository = run(["git", "remote", "get-url", "origin"], why="", folder=folder).strip()
            prefix = run(["git", "rev-parse", "--show-prefix"], why="", folder=folder).strip()
        except CommandFailedError as error:
            raise NoRemoteError(
                f"{name} is delivered by Argo CD, and the project has no remote `origin`",
                hint=f"`git remote add origin <url>`, or name it: environments.{name}.gitops.repository",
            ) from error
        inside = f"{prefix}{inside}"
    return GitOpsTarget(
        repository,
        gitops.branch,
        (gitops.path or inside).strip("/"),
        gitops.application or f"{config.name}-{name}",
        gitops.argocd_namespace,
    )
