"""`blissful-infra suggest`: what is worth doing before something breaks."""

from pathlib import Path
from typing import Any

import click
import rich_click

from blissful_infra.cli.command import group
from blissful_infra.cli.output import Output, output_option, print_data, say

PRIORITIES = ("high", "medium", "low")


@group(invoke_without_command=True)
@rich_click.option(
    "--min-priority",
    type=click.Choice(PRIORITIES),
    default="low",
    show_default=True,
    help="At least this urgent.",
)
@rich_click.option("--all", "show_all", is_flag=True, help="Show what was dismissed too.")
@rich_click.option("--daily", is_flag=True, help="Keep the result for the dashboard, and print only what is new.")
@rich_click.option("--schedule", is_flag=True, help="Print a systemd timer and a cron line that run it daily.")
@output_option
@click.pass_context
def suggest(ctx: click.Context, min_priority: str, show_all: bool, daily: bool, schedule: bool, output: Output) -> None:
    """Show what is worth doing before something breaks, and why.

    Suggestions come from gaps in the project's files against good practice, from what keeps coming back, and from what
    the logs repeat. Each shows the line it rests on, and what to write.

    \b
    Examples:
      blissful-infra suggest --min-priority medium
      blissful-infra suggest dismiss 5bccd7f4 --reason "a laptop has no need of limits"
      blissful-infra suggest --schedule
    """
    if ctx.invoked_subcommand is not None:
        return
    from agent.advice.ranking import at_least
    from agent.domain.suggestion import Priority
    from blissful_infra.cli.suggest_looking import keep_daily, look
    from blissful_infra.cli.suggest_schedule import schedule_of
    from blissful_infra.cli.suggest_text import lines_of, shape_of
    from blissful_infra.cli.terminal import current_terminal

    project = _project()
    if schedule:
        click.echo(schedule_of(project.folder), nl=False)
        return
    advised = look(project)
    shown = at_least(advised.places, Priority(min_priority), dismissed=show_all)
    document = shape_of(advised, shown, project.settings.config.name)
    if daily:
        shown = keep_daily(project, document, shown)
        document = shape_of(advised, shown, project.settings.config.name)
    if output is Output.TABLE:
        for line in lines_of(advised, shown, only_new=daily):
            click.echo(line, color=current_terminal().colour_out)
    else:
        print_data(document, output)


@suggest.command("dismiss")
@rich_click.argument("suggestion_id", metavar="ID")
@rich_click.option("--reason", default="", metavar="TEXT", help="Why, for those who ask later.")
def dismiss(suggestion_id: str, reason: str) -> None:
    """Say that a suggestion is not for you: it is not shown again, and others of its kind come lower.

    \b
    Examples:
      blissful-infra suggest dismiss 5bccd7f4 --reason "a laptop has no need of limits"
    """
    _answer(suggestion_id, "dismissed", reason)


@suggest.command("accept")
@rich_click.argument("suggestion_id", metavar="ID")
@rich_click.option("--reason", default="", metavar="TEXT", help="Why, for those who ask later.")
def accept(suggestion_id: str, reason: str) -> None:
    """Say that you will act on a suggestion: it comes first until it is done, and others of its kind come higher.

    \b
    Examples:
      blissful-infra suggest accept 5bccd7f4
    """
    _answer(suggestion_id, "accepted", reason)


def _answer(suggestion_id: str, verdict: str, reason: str) -> None:
    from blissful_infra.cli.suggest_looking import answer

    say(answer(_project(), suggestion_id, verdict, reason))


def _project() -> Any:
    from blissful_infra.settings.reading import find_project
    from blissful_infra.stacks.planning import read_project

    return read_project(find_project(Path.cwd()))
