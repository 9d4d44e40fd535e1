"""`patterns`: the kinds of failures that are known, how often each was met, and what helped."""

import click
import rich_click

from blissful_infra.cli.command import group
from blissful_infra.cli.output import Output, output_option, print_data, print_table


@group()
def patterns() -> None:
    """Show the failure patterns: those of this version, and the team's own in blissful/patterns/.

    \b
    Examples:
      blissful-infra patterns list --seen
    """


@patterns.command("list")
@rich_click.option("--origin", type=click.Choice(["shipped", "team", "engine"]), help="Only those of this origin.")
@rich_click.option("--seen", is_flag=True, help="Only those that were met.")
@output_option
def list_(origin: str | None, seen: bool, output: Output) -> None:
    """List the patterns with how often each was met and how often each fix helped.

    A wrong pattern of the team's own is an error that names its file and key.

    \b
    Examples:
      blissful-infra patterns list --origin team
      blissful-infra patterns list --seen -o json
    """
    from blissful_infra.cli.pattern_rows import pattern_rows

    rows = [row for row in pattern_rows() if (not seen or row.incidents) and (origin is None or row.origin == origin)]
    if output is Output.TABLE:
        cells = [
            [
                row.pattern,
                row.origin,
                str(row.incidents),
                str(row.times_seen),
                ", ".join(f"{rate.fix_id} {rate.resolved}/{rate.tried}" for rate in row.rates) or "-",
            ]
            for row in rows
        ]
        print_table(["PATTERN", "ORIGIN", "INCIDENTS", "TIMES", "FIXES (HELPED/TRIED)"], cells)
    else:
        print_data({"v": 1, "patterns": [row.shape for row in rows]}, output)
