"""Checks what a person answered before anything is rendered. Pure.

Copier ignores keys it does not know and takes any text for yes; here both are errors that say what would do.
"""

import difflib
import re
from collections.abc import Mapping
from typing import Any

from blissful_infra.errors import ConfigurationError
from blissful_infra.scaffold.catalogue import QUESTION_ABOUT_TEMPLATES, Question, Template
from blissful_infra.settings.patterns import IN_WORDS, PROJECT_NAME

YES = frozenset({"yes", "y", "true", "on", "1"})
NO = frozenset({"no", "n", "false", "off", "0"})


class InvalidAnswerError(ConfigurationError):
    """A template does not take this answer."""

    code = "invalid-answer"


def check_name(name: str) -> str:
    """The name itself. Raises `InvalidAnswerError`, with a name that would do where one can be made of it."""
    if re.fullmatch(PROJECT_NAME, name):
        return name
    better = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-0123456789")[:40].rstrip("-")
    raise InvalidAnswerError(
        f"{name!r} cannot be a project's name: it takes {IN_WORDS[PROJECT_NAME]}",
        hint=f"blissful-infra create {better if re.fullmatch(PROJECT_NAME, better) else 'my-service'}",
    )


def checked(given: Mapping[str, object], template: Template) -> dict[str, Any]:
    """The answers in the types the template wants. Raises `InvalidAnswerError` for the first that will not do."""
    return {
        name: _cast(value, _question(name, template))
        for name, value in given.items()
        if name != QUESTION_ABOUT_TEMPLATES
    }


def _question(name: str, template: Template) -> Question:
    if name in template.questions:
        return template.questions[name]
    near = difflib.get_close_matches(name, template.questions, n=1)
    raise InvalidAnswerError(
        f"the template {template.name} does not ask for {name!r}" + (f"; did you mean {near[0]!r}?" if near else ""),
        hint="blissful-infra create --help",
        context={"it asks for": ", ".join(template.questions)},
    )


def _cast(value: object, question: Question) -> Any:
    if question.kind == "bool":
        word = str(value).strip().lower()
        if word in YES or word in NO:
            return word in YES
        raise InvalidAnswerError(f"{question.name} is yes or no, not {value!r}", hint=f"--data {question.name}=yes")
    if not isinstance(value, str):
        raise InvalidAnswerError(f"{question.name} is a text, not {value!r}", hint="put it in quotes")
    choices = tuple(question.choices.values())
    if choices and value not in choices:
        near = difflib.get_close_matches(value, choices, n=1) or choices
        raise InvalidAnswerError(
            f"{question.name} cannot be {value!r}",
            hint=f"--data {question.name}={near[0]}",
            context={"choices": ", ".join(choices)},
        )
    return check_name(value) if question.name == "project_name" else value
