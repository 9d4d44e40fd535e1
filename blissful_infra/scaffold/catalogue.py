"""Which templates there are and what each asks, read from their `copier.yml` and `questions.yml` without copier."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from blissful_infra import paths
from blissful_infra.errors import ConfigurationError

QUESTION_ABOUT_TEMPLATES = "template"


class UnknownTemplateError(ConfigurationError):
    """There is no template of that name."""

    code = "unknown-template"


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a template. `choices` maps what a person reads to the answer; empty where any text will do."""

    name: str
    message: str
    kind: str
    choices: Mapping[str, str]
    default: Any


@dataclass(frozen=True, slots=True)
class Template:
    """A template: its folder's name, what people call it, and its questions in the order they are asked."""

    name: str
    title: str
    questions: Mapping[str, Question]


def read_templates(root: Path | None = None) -> dict[str, Template]:
    """Every template below the content root, by name, in the order `copier.yml` offers them."""
    root = root or paths.content_root()
    offered = _question(QUESTION_ABOUT_TEMPLATES, _read(root / "copier.yml")[QUESTION_ABOUT_TEMPLATES])
    return {name: Template(name, title, _questions_of(root, name)) for title, name in offered.choices.items()}


def template_named(name: str, templates: Mapping[str, Template]) -> Template:
    """The template of that name. Raises `UnknownTemplateError`, which names the nearest one."""
    if name in templates:
        return templates[name]
    near = difflib.get_close_matches(name, templates, n=1, cutoff=0.5)
    raise UnknownTemplateError(
        f"there is no template {name!r}",
        hint=f"did you mean --template {near[0]}?" if near else f"choose one: --template {next(iter(templates))}",
        context={"templates": ", ".join(templates)},
    )


def _questions_of(root: Path, template: str) -> dict[str, Question]:
    found = _read(root / "copier-templates" / template / "questions.yml")
    return {name: _question(name, spec) for name, spec in found.items() if spec.get("when") is not False}


def _question(name: str, spec: Mapping[str, Any]) -> Question:
    return Question(
        name=name,
        message=str(spec.get("help", f"{name}:")),
        kind=str(spec.get("type", "str")),
        choices={str(title): str(answer) for title, answer in spec.get("choices", {}).items()},
        default=spec.get("default"),
    )


class _Loader(yaml.SafeLoader):
    """Knows the tag by which a `copier.yml` includes other files; what they hold is read from them directly."""


_Loader.add_constructor("!include", lambda _loader, _node: None)


def _read(file: Path) -> dict[str, Any]:
    """Questions of one file, later documents over earlier ones, without Copier's own settings."""
    merged: dict[str, Any] = {}
    for document in yaml.load_all(file.read_bytes(), Loader=_Loader):
        merged |= document or {}
    return {name: spec for name, spec in merged.items() if not name.startswith("_")}
