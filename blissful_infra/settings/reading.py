"""Reading a project's settings: the one door for the CLI, the inventory plugin and everything else."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from blissful_infra.errors import ConfigurationError
from blissful_infra.paths import PROJECT_FILE, user_config_file
from blissful_infra.settings.document import read_document
from blissful_infra.settings.model import ProjectConfig
from blissful_infra.settings.origins import Merged, merged
from blissful_infra.settings.problems import InvalidSettingsError, Problem, problems_of


class NoProjectError(ConfigurationError):
    """No blissful-infra.yaml stands here or in a folder above."""

    code = "no-project"


@dataclass(frozen=True, slots=True)
class Settings:
    """A project's configuration, and where each value of it comes from."""

    config: ProjectConfig
    layers: Merged
    project_file: Path


def find_project(start: Path) -> Path:
    """The blissful-infra.yaml of the project that `start`, a folder or a file, belongs to. Raises NoProjectError."""
    here = start.absolute()
    for folder in (here, *here.parents):
        if (folder / PROJECT_FILE).is_file():
            return folder / PROJECT_FILE
    raise NoProjectError(
        f"no {PROJECT_FILE} in {here} or any folder above it",
        hint="go to a project's folder, or make one with `blissful-infra create`",
    )


def load_project(
    path: Path, *, flags: Mapping[str, object] | None = None, environ: Mapping[str, str] | None = None
) -> ProjectConfig:
    """The configuration of one project, all layers applied. Raises InvalidSettingsError (exit 3)."""
    return load_settings(path, flags=flags, environ=environ).config


def load_settings(
    path: Path, *, flags: Mapping[str, object] | None = None, environ: Mapping[str, str] | None = None
) -> Settings:
    """Like `load_project`, with the origin of each value. `flags` are dotted keys, such as `runtime`."""
    document = read_document(path)
    user_file = user_config_file()
    user = read_document(user_file) if user_file.is_file() else None
    layers = merged(document, user, os.environ if environ is None else environ, flags or {})
    try:
        config = ProjectConfig.model_validate(layers.data)
    except ValidationError as error:
        raise InvalidSettingsError(document.name, problems_of(error, ProjectConfig, layers.where)) from error
    folder = path.absolute().parent.resolve()
    if outside := [name for name, service in config.services.items() if _leaves(folder, service.path)]:
        why = "leads out of the project's folder through a link"
        raise InvalidSettingsError(
            document.name,
            (Problem(layers.where(("services", name, "path")), f"services.{name}.path", why) for name in outside),
        )
    return Settings(config, layers, path)


def _leaves(folder: Path, path: str) -> bool:
    return not (folder / path).resolve().is_relative_to(folder)
