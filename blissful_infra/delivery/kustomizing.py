"""Renders an environment's overlay with the real Kustomize: `kustomize`, or the one inside `kubectl`."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from blissful_infra.delivery.commands import run
from blissful_infra.delivery.images.image import ImageReference, reference_of
from blissful_infra.delivery.kubernetes.manifests import Manifest, ManifestError, manifests_in, pinned, with_replicas
from blissful_infra.delivery.previews.preview import preview_environment
from blissful_infra.errors import MissingToolError
from blissful_infra.settings.model import BackingPlace, Environment, ProjectConfig

KUSTOMIZATION = "kustomization.yaml"
KUSTOMIZATIONS = (KUSTOMIZATION, "kustomization.yml", "Kustomization")
"""The names under which Kustomize finds one."""


class NoKustomizeError(MissingToolError):
    """Nothing here renders a kustomization."""

    code = "kustomize-missing"


def render(folder: Path, config: ProjectConfig, name: str, image: ImageReference) -> tuple[Manifest, ...]:
    """The objects of an environment, on this image. `folder` is the project's, or an older commit's files."""
    environment = preview_environment(config, name) or config.environments[name]
    chosen = environment.overlay or name
    overlay = folder / "deploy" / "overlays" / chosen
    if not (overlay / KUSTOMIZATION).is_file():
        raise ManifestError(
            f"the project has no deploy/overlays/{chosen}",
            hint="copy another environment's folder there; `copier update` brings deploy/ to a project that has none",
        )
    with _wrapped(overlay, folder / "deploy" / "components", config, environment) as wrapper:
        found = manifests_in(run([*_program(), str(wrapper)], why=f"deploy/overlays/{chosen} could not be rendered"))
    return with_replicas(pinned(found, _names(overlay, config.name), image), environment.replicas)


def render_overlay(overlay: Path, what: str) -> tuple[Manifest, ...]:
    """The objects of an overlay exactly as it stands: what Argo CD makes of it."""
    return manifests_in(run([*_program(), str(overlay)], why=f"{what} could not be rendered"))


def kustomization_in(folder: Path) -> Path | None:
    """The kustomization of a folder."""
    return next((folder / name for name in KUSTOMIZATIONS if (folder / name).is_file()), None)


def _program() -> list[str]:
    if found := shutil.which("kustomize"):
        return [found, "build"]
    if found := shutil.which("kubectl"):
        return [found, "kustomize"]
    raise NoKustomizeError("neither kustomize nor kubectl is installed", hint="install one of them: kubectl is enough")


@contextmanager
def _wrapped(overlay: Path, components: Path, config: ProjectConfig, environment: Environment) -> Iterator[Path]:
    """A kustomization around the overlay that sets what blissful-infra.yaml says of the environment."""
    wanted: list[Path] = []
    patches: list[dict[str, Any]] = []
    if environment.backing is BackingPlace.IN_CLUSTER and config.backing.enabled():
        wanted.append(components / "backing")
    if environment.host is not None:
        wanted.append(components / "ingress")
        patch = [{"op": "replace", "path": "/spec/rules/0/host", "value": environment.host}]
        patches.append({"target": {"kind": "Ingress", "name": config.name}, "patch": yaml.safe_dump(patch)})
    with tempfile.TemporaryDirectory(prefix="blissful-") as scratch:
        here = Path(scratch).resolve()
        settings = {
            "apiVersion": "kustomize.config.k8s.io/v1beta1",
            "kind": "Kustomization",
            "namespace": environment.namespace,
            "resources": [os.path.relpath(overlay.resolve(), here)],
            "components": [os.path.relpath(each.resolve(), here) for each in wanted],
            "patches": patches,
            "images": _mirrored(config),
        }
        (here / KUSTOMIZATION).write_text(yaml.safe_dump({key: value for key, value in settings.items() if value}))
        yield here


def _mirrored(config: ProjectConfig) -> list[dict[str, str]]:
    """The settings' replaced images, as Kustomize writes them; those without a registry's name are left as they are."""
    found = []
    for before, after in config.images.items():
        name, _, tag = before.partition(":")
        other = reference_of(after) if "/" in after else ImageReference(*after.partition(":")[::2])
        entry = {"name": name, "newName": other.repository, "newTag": other.tag, "digest": other.digest}
        if tag:
            found.append({key: value for key, value in entry.items() if value})
    return found


def _names(overlay: Path, project: str) -> set[str]:
    """What the overlay calls the project's own image: its name, or where the overlay says it is kept."""
    settings = yaml.safe_load((overlay / KUSTOMIZATION).read_text(encoding="utf-8")) or {}
    own = [each for each in settings.get("images") or () if isinstance(each, dict) and each.get("name") == project]
    return {project, *(str(each["newName"]) for each in own if each.get("newName"))}
