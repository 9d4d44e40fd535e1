"""`knowledge`: the knowledge base as a file to hand on, and back."""

from dataclasses import asdict
from pathlib import Path

import click
import rich_click

from blissful_infra.cli.command import group
from blissful_infra.cli.output import Output, output_option, print_data, say


@group()
def knowledge() -> None:
    """Hand what the agent remembers to another project or machine, or keep a copy.

    \b
    Examples:
      blissful-infra knowledge export > knowledge.jsonl
      blissful-infra knowledge import knowledge.jsonl
    """


@knowledge.command()
@rich_click.option(
    "--to",
    "target",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A new file instead of stdout.",
)
def export(target: Path | None) -> None:
    """Print everything as JSON lines: incidents, their reports, what fixes did, and what was said to suggestions.

    Search vectors are left out: they are made again where the file is imported.

    \b
    Examples:
      blissful-infra knowledge export > knowledge.jsonl
      blissful-infra knowledge export --to knowledge.jsonl
    """
    from blissful_infra.cli.knowledge_file import export_to

    count = export_to(target)
    say(f"{count} records exported.")


@knowledge.command("import")
@rich_click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True, allow_dash=True))
@rich_click.option("--dry-run", is_flag=True, help="Read all of it, say what it would bring, and change nothing.")
@output_option
def import_(file: Path, dry_run: bool, output: Output) -> None:
    """Unite the export in FILE (- for stdin) with what is known here.

    Importing it again changes nothing. A file that is torn or wrong is refused whole.

    \b
    Examples:
      blissful-infra knowledge import knowledge.jsonl
      ssh other blissful-infra knowledge export | blissful-infra knowledge import -
    """
    from blissful_infra.cli.knowledge_file import import_from

    taken = import_from(file, dry_run=dry_run)
    new = (
        f"{taken.incidents} incidents, {taken.outcomes} outcomes and {taken.feedback} words on suggestions new or "
        f"changed, {taken.known} records known already"
    )
    say(f"{'It would bring' if dry_run else 'Imported'}: {new}.")
    if output is not Output.TABLE:
        print_data({"v": 1, "dry_run": dry_run, **asdict(taken)}, output)
