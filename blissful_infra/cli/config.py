"""`config`: what is configured, where it came from, whether it is valid, and its schema."""

from pathlib import Path
from typing import Any

import click
import rich_click

from blissful_infra.cli.command import group
from blissful_infra.cli.output import Output, output_option, print_data, print_table, say


@group()
def config() -> None:
    """Show, validate and describe the configuration.

    \b
    Examples:
      blissful-infra config show --origin
      blissful-infra config validate
    """


@config.command()
@rich_click.option("--origin", is_flag=True, help="Show which flag, variable or file each value comes from.")
@output_option
def show(origin: bool, output: Output) -> None:
    """Show the configuration with every default filled in.

    Stronger first: flags, BLISSFUL_* variables, blissful-infra.yaml, the user's own file, defaults.

    \b
    Examples:
      blissful-infra config show
      BLISSFUL_RUNTIME=process blissful-infra config show --origin
      blissful-infra config show -o json
    """
    from blissful_infra.settings.origins import leaves
    from blissful_infra.settings.problems import dotted
    from blissful_infra.settings.reading import find_project, load_settings

    settings = load_settings(find_project(Path.cwd()))
    data = settings.config.model_dump(mode="json", exclude_none=True)
    values = [(place, value, settings.layers.origin(place)) for place, value in leaves(data)]
    if output is not Output.TABLE:
        origins = {dotted(place): {"layer": found.layer, "where": found.where or None} for place, _, found in values}
        print_data({"v": 1, "config": data, "origins": origins} if origin else {"v": 1, "config": data}, output)
        return
    rows = [
        [dotted(place), _shown(value), *([found.where or "default"] if origin else [])]
        for place, value, found in values
    ]
    print_table(["KEY", "VALUE", *(["ORIGIN"] if origin else [])], rows)


@config.command()
@rich_click.argument("file", required=False, type=click.Path(path_type=Path, dir_okay=False, exists=True))
@output_option
def validate(file: Path | None, output: Output) -> None:
    """Check FILE, or the project's blissful-infra.yaml, and name every problem with its line.

    Exits 3 when there is one.

    \b
    Examples:
      blissful-infra config validate
      blissful-infra config validate other/blissful-infra.yaml -o json
    """
    from blissful_infra.settings.problems import InvalidSettingsError
    from blissful_infra.settings.reading import find_project, load_settings

    path = file or find_project(Path.cwd())
    problems: list[dict[str, Any]] = []
    try:
        load_settings(path)
    except InvalidSettingsError as error:
        if output is Output.TABLE:
            raise
        problems = [{"where": one.where, "key": one.key or None, "why": one.why} for one in error.problems]
    if output is Output.TABLE:
        say(f"{path} is valid.")
        return
    print_data({"v": 1, "file": str(path), "valid": not problems, "problems": problems}, output)
    if problems:
        raise click.exceptions.Exit(InvalidSettingsError.exit_code)


@config.command()
def schema() -> None:
    """Print the JSON Schema (draft-07) of blissful-infra.yaml, for editors.

    \b
    Examples:
      blissful-infra config schema > blissful/schema.json
    """
    from blissful_infra.settings.schema import project_schema

    print_data(project_schema(), Output.JSON)


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return f"[{', '.join(map(_shown, value))}]"
    if value == {}:
        return "{}"
    return f"{value:g}" if isinstance(value, float) else str(value)
