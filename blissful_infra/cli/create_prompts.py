"""What `create` was told on the command line, and the prompts for what it was not."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from blissful_infra.errors import ConfigurationError, UsageError
from blissful_infra.scaffold.answers import InvalidAnswerError, check_name, checked
from blissful_infra.scaffold.catalogue import (
    QUESTION_ABOUT_TEMPLATES,
    Template,
    read_templates,
    template_named,
)
from blissful_infra.settings.patterns import IN_WORDS, PROJECT_NAME

MARK = "?"


class DataFileError(ConfigurationError):
    """The file of answers cannot be read as one."""

    code = "invalid-data-file"


def answers_given(data_file: Path | None, data: Sequence[str], flags: Mapping[str, object]) -> dict[str, object]:
    """The answers of the file, `--data` over them, the flags over both; a flag that was not given is None."""
    answers = _read_data_file(data_file) if data_file else {}
    for pair in data:
        key, equals, value = pair.partition("=")
        if not equals or not key:
            raise UsageError(f"--data {pair!r} is not KEY=VALUE", hint="--data kafka=no")
        answers[key] = value
    return answers | {name: value for name, value in flags.items() if value is not None}


def database_of(database: str | None, postgres: bool | None) -> str | None:
    """The one answer that `--database` and `--[no-]postgres` stand for."""
    same = None if postgres is None else "postgres" if postgres else "none"
    if database and same and database != same:
        flag = "--postgres" if postgres else "--no-postgres"
        raise UsageError(f"--database {database} and {flag} contradict each other", hint="give one of them")
    return database or same


def complete(
    answers: dict[str, object], folder: Path, *, no_input: bool, defaults: bool
) -> tuple[str, Template, dict[str, object]]:
    """Ask for name, template and database where they are open and may be asked for. What is given is checked first."""
    asking = not no_input and sys.stdin.isatty()
    answers = dict(answers)
    templates = read_templates()
    name = str(answers.pop("project_name", ""))
    chosen = str(answers.pop(QUESTION_ABOUT_TEMPLATES, ""))
    if name:
        check_name(name)
    template = template_named(chosen, templates) if chosen else None
    if template is not None:
        checked(answers, template)
    if not name:
        if not asking:
            raise UsageError("the project needs a name", hint="blissful-infra create my-service")
        name = _ask_name(folder)
    if template is None:
        first = next(iter(templates))
        titles = {found.title: found.name for found in templates.values()}
        template = templates[_select("Template:", titles, first) if asking and not defaults else first]
        checked(answers, template)
    database = template.questions.get("database")
    if database and asking and not defaults and "database" not in answers:
        answers["database"] = _select(database.message, database.choices, str(database.default))
    return name, template, answers


def _ask_name(folder: Path) -> str:
    import questionary

    def valid(name: str) -> bool | str:
        from blissful_infra.scaffold.creation import place_of

        try:
            place_of(check_name(name), folder)
        except InvalidAnswerError:
            return IN_WORDS[PROJECT_NAME]  # one line of a narrow terminal
        except UsageError as error:
            return error.message.replace(f"{folder.resolve()}/", "")
        return True

    return str(questionary.text("Project name:", qmark=MARK, validate=valid, validate_while_typing=False).unsafe_ask())


def _select(message: str, choices: Mapping[str, str], default: str) -> str:
    import questionary

    offered = [questionary.Choice(title, value) for title, value in choices.items()]
    return str(questionary.select(message, offered, default=default, qmark=MARK).unsafe_ask())


def _read_data_file(file: Path) -> dict[str, object]:
    import yaml

    try:
        found: Any = yaml.safe_load(file.read_bytes())
    except (yaml.YAMLError, OSError, UnicodeError) as error:
        raise DataFileError(f"{file} cannot be read as YAML", context={"reason": str(error)}) from error
    if not isinstance(found, dict):
        raise DataFileError(f"{file} is not a mapping of answers", hint="write lines such as `kafka: false`")
    return {str(key): value for key, value in found.items() if not str(key).startswith("_")}
