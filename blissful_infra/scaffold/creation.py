"""Makes a project: all of it, or nothing.

It is rendered into a hidden folder beside its place and moved there when it is complete; whatever interrupts that
leaves the place as it was.
"""

import errno
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from blissful_infra.errors import UsageError
from blissful_infra.scaffold.answers import check_name, checked
from blissful_infra.scaffold.catalogue import QUESTION_ABOUT_TEMPLATES, Template
from blissful_infra.scaffold.first_commit import FirstCommit, commit_first
from blissful_infra.scaffold.rendering import render
from blissful_infra.scaffold.source import find_source


class PlaceTakenError(UsageError):
    """Something already stands where the project is to be."""

    code = "folder-not-empty"


class PlaceUnusableError(UsageError):
    """The folder that is to hold the project cannot be written to."""

    code = "folder-unusable"


@dataclass(frozen=True, slots=True)
class ProjectRequest:
    """What is wanted. `ask`: Copier asks on the terminal what `answers` leaves open; else its defaults hold."""

    name: str
    template: Template
    folder: Path
    answers: Mapping[str, object] = field(default_factory=dict)
    ask: bool = False
    git: bool = True
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class CreatedProject:
    """What was made, or with `dry_run` would be. `notes` say what was not done, and why."""

    name: str
    template: str
    path: Path
    answers: Mapping[str, Any]
    files: tuple[str, ...]
    commit: str | None
    dry_run: bool
    notes: tuple[str, ...]


def place_of(name: str, folder: Path) -> Path:
    """Where the project will stand. Raises `PlaceTakenError` unless there is nothing, or an empty folder."""
    place = folder.resolve() / name
    if place.is_symlink() or (place.exists() and not (place.is_dir() and not any(place.iterdir()))):
        what = "is not empty" if place.is_dir() else "is there already"
        raise PlaceTakenError(
            f"{place} {what}", hint="choose another name, or another folder with --directory; nothing was changed"
        )
    return place


def create_project(request: ProjectRequest) -> CreatedProject:
    """Make the project, its first commit included. Raises errors of `scaffold` that have changed nothing."""
    template = request.template
    place = place_of(check_name(request.name), request.folder)
    answers = checked({**request.answers, "project_name": request.name}, template)
    source = find_source()
    try:
        with _scratch(request.name, Path(tempfile.gettempdir()) if request.dry_run else place.parent) as scratch:
            made = scratch / request.name
            render(source, {QUESTION_ABOUT_TEMPLATES: template.name, **answers}, made, ask=request.ask)
            files = tuple(sorted(str(file.relative_to(made)) for file in made.rglob("*") if not file.is_dir()))
            rendered = _answers_in(made)
            commit = FirstCommit(None)
            if request.git and not request.dry_run:
                message = f"Make {request.name} from blissful-infra's template {template.name}"
                commit = commit_first(made, message, lying_in=place.parent)
            if not request.dry_run:
                made.rename(place)
    except OSError as error:
        raise _unusable(error, place) from error
    return CreatedProject(
        name=request.name,
        template=template.name,
        path=place,
        answers=rendered,
        files=files,
        commit=commit.revision,
        dry_run=request.dry_run,
        notes=tuple(note for note in (source.note, commit.note) if note),
    )


@contextmanager
def _scratch(name: str, folder: Path) -> Iterator[Path]:
    """A hidden folder, gone afterwards even when a signal comes while it is made (tempfile's own then stays)."""
    scratch = folder / f".{name}-{secrets.token_hex(4)}"
    try:
        scratch.mkdir(mode=0o700)
        yield scratch
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _answers_in(project: Path) -> dict[str, Any]:
    import yaml

    found = yaml.safe_load((project / ".copier-answers.yml").read_bytes())
    return {name: answer for name, answer in found.items() if not name.startswith("_")}


def _unusable(error: OSError, place: Path) -> UsageError:
    if error.errno in (errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR):
        return PlaceTakenError(f"{place} was filled by something else meanwhile", hint="choose another name")
    return PlaceUnusableError(
        f"{place} cannot be made: {os.strerror(error.errno or 0)}",
        hint="choose another folder with --directory",
    )
