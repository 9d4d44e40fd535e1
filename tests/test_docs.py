"""The documentation names what there is: every command, option, exit code, setting and JSON schema."""

import doctest
import importlib
import inspect
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from types import UnionType
from typing import Any, get_args

import click
import pytest
from pydantic import BaseModel
from pydantic_core import PydanticUndefined

import agent.errors
import blissful_infra.errors
from blissful_infra.cli import root
from blissful_infra.cli.command import GLOBAL_OPTIONS
from blissful_infra.settings.model import ProjectConfig
from blissful_infra.settings.origins import variables

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
ENTRIES = list(root.entries.values())  # type: ignore[attr-defined]


def commands_in(name: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
    yield name, command
    if isinstance(command, click.Group):
        for inner, found in command.commands.items():
            yield from commands_in(f"{name} {inner}", found)


def page_of(name: str) -> str:
    return (DOCS / "commands" / f"{name}.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_every_command_and_option_is_on_its_page(entry: Any) -> None:
    page = page_of(entry.name)
    missing = []
    for name, command in commands_in(entry.name, entry.load()):
        if f"blissful-infra {name}" not in page:
            missing.append(name)
        for parameter in command.params:
            shown = (
                parameter.opts
                if isinstance(parameter, click.Option)
                else [parameter.make_metavar(click.Context(command))]
            )
            if not any(f"`{word.strip('[].')}" in page or word.strip("[].") in page.split() for word in shown):
                missing += [f"{name} {shown[-1]}"] if shown[-1] not in GLOBAL_OPTIONS else []
    assert missing == []


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_every_command_and_option_has_help_with_an_example(entry: Any) -> None:
    for name, command in commands_in(entry.name, entry.load()):
        assert command.help, name
        assert "Examples:" in command.help, name
        assert re.search(rf"blissful(-infra)? {entry.name}", command.help), name
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                assert parameter.help, f"{name} {parameter.opts}"


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_the_line_in_the_list_is_the_commands_own(entry: Any) -> None:
    command = entry.load()
    assert command.name == entry.name
    assert command.get_short_help_str(limit=200) == entry.short_help


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_every_example_of_the_help_can_be_typed(entry: Any) -> None:
    helps = [root.help or "", *(command.help or "" for _, command in commands_in(entry.name, entry.load()))]
    for words in (words for text in helps for words in examples_in(text)):
        assert unknown_words(words) == [], words


def examples_in(text: str) -> Iterator[list[str]]:
    """Each call of this program in the examples, without what a shell does around it."""
    for line in text.partition("Examples:")[2].splitlines():
        for call in re.findall(r"blissful(?:-infra)? [^|>&$)]+", line):
            yield shlex.split(call.rstrip('" ') if call.count('"') % 2 else call)[1:]


def unknown_words(words: list[str]) -> list[str]:
    """The first command or the options that the program does not have."""
    command: click.Command = root
    options: set[str] = set()
    for word in words:
        options |= {name for parameter in command.params for name in parameter.opts + parameter.secondary_opts}
        if word == "--":
            break  # what follows is another program's
        if word.startswith("-") and word != "-":
            if word.partition("=")[0] not in options:
                return [word]
        elif command is root:
            if word not in root.entries:  # type: ignore[attr-defined]
                return [word]
            command = root.entries[word].load()  # type: ignore[attr-defined]
        elif isinstance(command, click.Group) and word in command.commands:
            command = command.commands[word]
    return []


def modules_with_examples() -> Iterator[str]:
    for package in ("agent", "blissful_infra"):
        for path in sorted((ROOT / package).rglob("*.py")):
            if re.search(r"^\s*>>> ", path.read_text(encoding="utf-8"), re.MULTILINE):
                yield ".".join(path.relative_to(ROOT).with_suffix("").parts)


@pytest.mark.parametrize("module", modules_with_examples())
def test_every_example_in_a_docstring_holds(module: str) -> None:
    outcome = doctest.testmod(importlib.import_module(module))
    assert outcome.attempted > 0
    assert outcome.failed == 0


def test_every_role_has_a_readme() -> None:
    assert [role.name for role in (ROOT / "roles").iterdir() if not (role / "README.md").is_file()] == []


def test_every_page_is_of_a_command() -> None:
    pages = {path.stem for path in (DOCS / "commands").glob("*.md")} - {"README"}
    assert pages == {entry.name for entry in ENTRIES}


def test_every_exit_code_of_an_error_is_in_the_table() -> None:
    table = (DOCS / "exit-codes.md").read_text(encoding="utf-8")
    errors = {
        found
        for module in (agent.errors, blissful_infra.errors)
        for _, found in inspect.getmembers(module, inspect.isclass)
        if issubclass(found, agent.errors.BlissfulError)
    }
    for error in errors:
        row = next((line for line in table.splitlines() if line.startswith(f"| {error.exit_code} |")), "")
        assert f"`{error.code}`" in row, error


def test_every_setting_is_in_the_configuration_page_with_its_default() -> None:
    page = (DOCS / "configuration.md").read_text(encoding="utf-8")
    assert [row for row in configuration_rows() if row not in page] == []
    assert [name for name in variables() if f"`{name}`" not in page] == []


def configuration_rows() -> Iterator[str]:
    """The rows that the configuration page must have, from the model."""
    yield from _rows(ProjectConfig, "")


def _rows(model: type[BaseModel], above: str) -> Iterator[str]:
    for name, field in model.model_fields.items():
        inner = _section(field.annotation)
        many = str(field.annotation).startswith("dict") and inner is not None
        key = f"{above}{name}{'.<name>' if many else ''}"
        yield f"| `{key}` | {_default(field)} | {field.description} |"
        if inner is not None:
            yield from _rows(inner, f"{key}.")


def _default(field: Any) -> str:
    if field.is_required():
        return "required"
    default = field.default
    if default is None and field.json_schema_extra:  # a switch
        return "`false`"
    if default in {None, (), PydanticUndefined}:
        return "none"
    if isinstance(default, BaseModel):
        return ""
    return (
        f"`{default:g}`" if isinstance(default, float) else f"`{str(default).lower() if default is False else default}`"
    )


def _section(annotation: Any) -> type[BaseModel] | None:
    options = [annotation, *get_args(annotation)] if not isinstance(annotation, UnionType) else get_args(annotation)
    found = [option for option in options if isinstance(option, type) and issubclass(option, BaseModel)]
    return found[0] if found else None


def test_every_schema_file_is_listed_and_versioned() -> None:
    listed = (ROOT / "schemas" / "README.md").read_text(encoding="utf-8")
    files = {path.name for path in (ROOT / "schemas").glob("*.json")}
    assert {name for name in files if f"`{name}`" not in listed} == set()
    assert set(re.findall(r"`([\w.-]+\.json)`", listed)) == files
