"""`incidents`: the failures that were recorded, and what became of them."""

import click
import rich_click

from blissful_infra.cli.command import group
from blissful_infra.cli.output import Output, output_option, print_data, print_table, say


@group()
def incidents() -> None:
    """Show, close and merge the failures that `analyze` recorded.

    An incident is named by its ID or the beginning of it.

    \b
    Examples:
      blissful-infra incidents list --state open
      blissful-infra incidents close 3f2a --resolution "made the pool larger"
    """


@incidents.command("list")
@rich_click.option(
    "--state", type=click.Choice(["open", "resolved", "merged"]), help="Only these; without it, all but merged ones."
)
@rich_click.option(
    "--limit", type=click.IntRange(1, 10_000), default=50, show_default=True, help="At most so many, the newest."
)
@output_option
def list_(state: str | None, limit: int, output: Output) -> None:
    """List the incidents, the newest seen first.

    \b
    Examples:
      blissful-infra incidents list
      blissful-infra incidents list --state resolved -o json
    """
    from blissful_infra.cli.incident_shape import incident_shape
    from blissful_infra.cli.knowing import knowledge_here

    with knowledge_here() as base:
        found = base.incidents(state=state, limit=limit)
    if output is not Output.TABLE:
        print_data({"v": 1, "incidents": [incident_shape(one) for one in found]}, output)
    elif found:
        rows = [
            [one.id[:8], one.state, f"{one.last_seen_at:%Y-%m-%d %H:%M}", str(one.times_seen), one.subject, one.cause]
            for one in found
        ]
        print_table(["ID", "STATE", "LAST SEEN (UTC)", "TIMES", "SUBJECT", "CAUSE"], rows)
    else:
        say("No incidents.")


@incidents.command()
@rich_click.argument("incident_id", metavar="ID")
@output_option
def show(incident_id: str, output: Output) -> None:
    """Show one incident: its evidence and timeline, what was tried, and similar ones.

    \b
    Examples:
      blissful-infra incidents show 3f2a
      blissful-infra incidents show 3f2a -o json | jq .outcomes
    """
    from blissful_infra.cli.incident_showing import show_incident

    show_incident(incident_id, output)


@incidents.command()
@rich_click.argument("incident_id", metavar="ID")
@rich_click.option(
    "--resolution", metavar="TEXT", required=True, help="How it was resolved, for whoever meets its like."
)
@rich_click.option("--dry-run", is_flag=True, help="Show which incident it is and change nothing.")
@output_option
def close(incident_id: str, resolution: str, dry_run: bool, output: Output) -> None:
    """Mark an incident resolved, and say how.

    A later failure like it shows this resolution. The same failure again opens a new incident.

    \b
    Examples:
      blissful-infra incidents close 3f2a --resolution "made the pool larger"
    """
    from blissful_infra.cli.incident_changes import closed
    from blissful_infra.cli.incident_shape import incident_shape

    incident = closed(incident_id, resolution, dry_run=dry_run)
    say(f"{'Would close' if dry_run else 'Closed'} {incident.id[:8]}: {incident.title}")
    if output is not Output.TABLE:
        print_data({"v": 1, "incidents": [incident_shape(incident)]}, output)


@incidents.command()
@rich_click.argument("incident_id", metavar="ID")
@rich_click.argument("into", metavar="INTO")
@rich_click.option("--dry-run", is_flag=True, help="Show which incidents they are and change nothing.")
@output_option
def merge(incident_id: str, into: str, dry_run: bool, output: Output) -> None:
    """Make the incident ID part of the incident INTO, because they are one failure.

    Its count and outcomes are the other's from then on, and so is each time it is seen again.

    \b
    Examples:
      blissful-infra incidents merge 3f2a 91bc
    """
    from blissful_infra.cli.incident_changes import merged
    from blissful_infra.cli.incident_shape import incident_shape

    whole = merged(incident_id, into, dry_run=dry_run)
    say(f"{'Would merge' if dry_run else 'Merged'} {incident_id} into {whole.id[:8]}: {whole.title}")
    if output is not Output.TABLE:
        print_data({"v": 1, "incidents": [incident_shape(whole)]}, output)
