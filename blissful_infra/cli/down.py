"""`down`: stop the project's stack."""

from pathlib import Path

import click
import rich_click

from blissful_infra.cli.asking import agree_or_leave
from blissful_infra.cli.command import command
from blissful_infra.cli.output import Output, output_option, print_data, say


@command()
@rich_click.option("--volumes", is_flag=True, help="Delete the data of Postgres, Kafka and Redis too.")
@rich_click.option("-y", "--yes", is_flag=True, help="Do not ask before deleting.")
@rich_click.option("--no-input", is_flag=True, help="Never ask; deleting needs --yes then.")
@rich_click.option(
    "--wait", type=click.FloatRange(min=0), default=0, help="Seconds to wait for another command on this stack."
)
@rich_click.option("--dry-run", is_flag=True, help="Say what would be stopped and deleted, and change nothing.")
@output_option
def down(volumes: bool, yes: bool, no_input: bool, wait: float, dry_run: bool, output: Output) -> None:
    """Stop the project's stack; its data stays.

    Only what belongs to this project is stopped. Once more is fine: then nothing runs.

    \b
    Examples:
      blissful-infra down
      blissful-infra down --volumes --yes
      blissful-infra down --dry-run
    """
    from blissful_infra.cli.progress import ProgressLines
    from blissful_infra.cli.running import run_stack
    from blissful_infra.settings.reading import find_project, load_project

    project_file = find_project(Path.cwd())
    config = load_project(project_file)
    if volumes and not dry_run and not yes:
        _ask(config.name, no_input=no_input)
    variables = {"local_stack_remove_data": volumes, "local_stack_lock_wait": wait}
    progress = ProgressLines("stopping")
    result, told = run_stack("down", project_file, variables, progress, state=config.state, check=dry_run)
    stopped = list(told.facts.get("stopped", ()))
    removed = bool(told.facts.get("data_removed"))
    if dry_run:
        say(f"Would stop: {', '.join(stopped) or 'nothing'}." + (" Would delete the data." if removed else ""))
    elif removed:
        say("The data is deleted.")
    elif not result.changed:
        say("Nothing was running.")
    if output is not Output.TABLE:
        document = {"v": 1, "run_id": result.run_id, "changed": result.changed, "dry_run": dry_run}
        print_data(document | {"stopped": stopped, "data_removed": removed}, output)


def _ask(name: str, *, no_input: bool) -> None:
    lost = f"This deletes the local data of {name}: its databases, topics and caches."
    hint = "say yes beforehand: `blissful-infra down --volumes --yes`"
    agree_or_leave("Delete it?", no_input=no_input, nobody=f"{lost} Nobody can be asked", hint=hint, about=lost)
