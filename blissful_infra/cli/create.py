"""`create`: a new project from a template. Asks on a terminal what is not given."""

from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import rich_click

from blissful_infra.cli.command import command
from blissful_infra.cli.output import Output, output_option, print_data, say

if TYPE_CHECKING:
    from blissful_infra.scaffold.creation import CreatedProject

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
PARTS = {"postgres": "Postgres", "kafka": "Kafka", "redis": "Redis"}


@command()
@rich_click.argument("name", required=False)
@rich_click.option("--template", metavar="TEMPLATE", help="The template: spring-boot or fastapi.")
@rich_click.option("--database", metavar="DATABASE", help="The database: postgres or none.")
@rich_click.option("--postgres/--no-postgres", default=None, help="The same as --database postgres, --database none.")
@rich_click.option("--kafka/--no-kafka", default=None, help="Events through Kafka (the default).")
@rich_click.option("--redis/--no-redis", default=None, help="A cache in Redis (not by default).")
@rich_click.option("-d", "--data", multiple=True, metavar="KEY=VALUE", help="The answer to a question of the template.")
@rich_click.option("--data-file", type=FILE, help="A YAML file of answers; --data and flags win over it.")
@rich_click.option("-C", "--directory", type=FOLDER, default=".", help="Where to make the project's folder.")
@rich_click.option("--defaults", is_flag=True, help="Ask for nothing that has a default.")
@rich_click.option("--more", is_flag=True, help="Ask for Kafka, Redis and the template's own choices too.")
@rich_click.option("--no-input", is_flag=True, help="Never ask.")
@rich_click.option("--dry-run", is_flag=True, help="List the files that would be made, and make nothing.")
@rich_click.option("--no-git", is_flag=True, help="Make no git repository with a first commit.")
@output_option
def create(
    data: tuple[str, ...], data_file: Path | None, directory: Path, defaults: bool, more: bool, no_input: bool,
    dry_run: bool, no_git: bool, output: Output, **flags: Any,
) -> None:  # fmt: skip
    """Make a new project from a template, in a folder called NAME.

    Asks for what is not given: the name, the template and the database.

    \b
    Examples:
      blissful-infra create
      blissful-infra create my-service --template spring-boot --postgres --kafka
      blissful-infra create my-service --template fastapi --no-kafka --no-input
      blissful-infra create orders --template spring-boot -d java_package=com.acme.orders --dry-run
    """
    from blissful_infra.cli.create_prompts import answers_given, complete, database_of

    flags["project_name"] = flags.pop("name")
    flags["database"] = database_of(flags["database"], flags.pop("postgres"))
    given = answers_given(data_file, data, flags)
    name, template, answers = complete(given, directory, no_input=no_input, defaults=defaults)

    from blissful_infra.scaffold.creation import ProjectRequest, create_project, place_of

    place_of(name, directory)
    say(f"{'Trying out' if dry_run else 'Making'} {name} from the template {template.name} ...")

    made = create_project(
        ProjectRequest(name, template, directory, answers, ask=more and not no_input, git=not no_git, dry_run=dry_run)
    )
    for note in made.notes:
        say(f"note: {note}", style="yellow")
    if output is Output.TABLE:
        _show(made, directory)
    else:
        print_data({"v": 1, **{each.name: getattr(made, each.name) for each in fields(made)}}, output)


def _show(made: "CreatedProject", directory: Path) -> None:
    parts = [
        title for name, title in PARTS.items() if made.answers.get(name) is True or made.answers.get("database") == name
    ]
    summary = (
        f"{made.name} from {made.template}, with {', '.join(parts) or 'no backing servers'}: {len(made.files)} files"
    )
    if made.dry_run:
        click.echo("\n".join([f"Would make {summary}", *(f"  {file}" for file in made.files)]))
        return
    click.echo(f"Made {summary}" + (f", committed as {made.commit}" if made.commit else ""))
    click.echo(f"\nNext:\n  cd {directory / made.name}\n  blissful-infra up")
