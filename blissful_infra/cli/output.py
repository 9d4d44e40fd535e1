"""Results on stdout: a table for people, JSON or YAML for programs. Progress and messages go to stderr.

The JSON shapes are the versioned schemas in `schemas/`; YAML is the same data.
"""

import dataclasses
import sys
from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any

import click
import rich_click

from blissful_infra.cli.failure import printable
from blissful_infra.cli.terminal import current_terminal


class Output(StrEnum):
    """The shapes a result can be printed in."""

    TABLE = "table"
    JSON = "json"
    YAML = "yaml"


def output_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command `-o table|json|yaml` as the argument `output`."""
    option: Callable[[Callable[..., Any]], Callable[..., Any]] = rich_click.option(
        "-o",
        "--output",
        type=click.Choice([shape.value for shape in Output]),
        default=Output.TABLE.value,
        show_default=True,
        callback=lambda _ctx, _param, value: Output(value),
        help="The shape of the result.",
    )
    return option(function)


def say(message: str, *, style: str | None = None) -> None:
    """A line for people, on stderr."""
    text = click.style(message, fg=style) if style else message
    click.echo(text, err=True, color=current_terminal().colour_err)


def print_data(data: object, output: Output) -> None:
    """Print data as JSON or YAML. Dataclasses, enums and paths are understood."""
    if output is Output.JSON:
        import orjson

        click.echo(orjson.dumps(data, default=_plain, option=orjson.OPT_INDENT_2).decode())
    else:
        import orjson
        from ruamel.yaml import YAML

        yaml = YAML(typ="safe", pure=True)
        yaml.default_flow_style = False
        yaml.sort_base_mapping_type_on_output = False  # type: ignore[assignment]
        yaml.dump(orjson.loads(orjson.dumps(data, default=_plain)), sys.stdout)


def print_table(headings: Sequence[str], rows: Iterable[Sequence[str]], styles: dict[str, str] | None = None) -> None:
    """Print aligned columns; a cell whose whole text is in `styles` is coloured so."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    terminal = current_terminal()
    looking = sys.stdout.isatty()
    console = Console(
        file=sys.stdout,
        force_terminal=terminal.colour_out,
        no_color=not terminal.colour_out,
        width=None if looking else 10_000,
        highlight=False,
    )
    table = Table(box=None, pad_edge=False, header_style="bold", show_edge=False)
    for heading in headings:
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(*(Text(printable(cell), style=(styles or {}).get(cell, "")) for cell in row))
    with console.capture() as captured:
        console.print(table)
    for line in captured.get().splitlines():
        click.echo(line.rstrip(), color=terminal.colour_out)


def _plain(value: object) -> object:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.asdict(value)
    if isinstance(value, Path | StrEnum):
        return str(value)
    raise TypeError(f"cannot be printed as data: {type(value).__name__}")
