"""`blissful-infra analyze`: what is wrong and why, from the evidence, with the text that shows it."""

from pathlib import Path

import click
import rich_click

from blissful_infra.cli.command import command
from blissful_infra.cli.model_options import ModelWish, model_options
from blissful_infra.cli.output import Output, output_option, print_data, say

OPEN_INCIDENT = 7


@command()
@rich_click.option(
    "--bundle",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="An evidence bundle instead of the live project: a folder with a bundle.yaml. Only read, never written.",
)
@rich_click.option("--incident", metavar="ID", help="A recorded incident, by its id or the beginning of it.")
@rich_click.option("--env", metavar="NAME", help="An environment of blissful-infra.yaml instead of the local stack.")
@rich_click.option("--since", metavar="TIME", help="From this time on: 15m, 2h, 3d, or 2026-01-01T12:00.")
@rich_click.option("--until", metavar="TIME", help="Up to this time.")
@rich_click.option("--service", metavar="NAME", help="This service and what it needs.")
@rich_click.option("--exit-code", is_flag=True, help="Exit 7 when a cause was found, 0 when nothing is wrong.")
@model_options
@output_option
def analyze(
    bundle: Path | None,
    incident: str | None,
    env: str | None,
    since: str | None,
    until: str | None,
    service: str | None,
    exit_code: bool,
    wish: ModelWish,
    output: Output,
) -> None:
    """Find the cause of an incident, with the text that shows it.

    Looks at the project you are in, or at a bundle. Works offline and without a model. Every cause is backed by quotes
    that stand in the evidence; what could not be seen is listed too.

    \b
    Examples:
      blissful-infra analyze
      blissful-infra analyze --env staging --since 30m
      blissful-infra analyze --incident 3f2a
      blissful-infra analyze --bundle incident/ -o json | jq '.findings[0].cause'
    """
    if incident is not None:
        from blissful_infra.cli.incident_showing import show_incident

        show_incident(incident, output, alone=not (bundle or env or since or until or service or exit_code))
        return
    from agent.domain.claim import HEALTHY
    from agent.rca.shaping import shape_of
    from blissful_infra.cli.analyze_fixing import offer, suggestion_lines, with_fixes
    from blissful_infra.cli.analyze_narrative import speak
    from blissful_infra.cli.analyze_text import lines_of
    from blissful_infra.cli.analyzing import analysis_of
    from blissful_infra.cli.gathered_text import lines_of_gathered, shape_of_gathered
    from blissful_infra.cli.terminal import current_terminal

    done = analysis_of(bundle, env=env, since=since, until=until, service=service)
    diagnosis = with_fixes(done.diagnosis, done.project)
    if output is Output.TABLE:
        head = [*lines_of_gathered(done.gathered), ""] if done.gathered else []
        for line in (*head, *lines_of(diagnosis), *suggestion_lines(diagnosis)):
            click.echo(line, color=current_terminal().colour_out)
        if done.incident:
            kept = done.incident.id[:8]
            say(f"recorded as incident {kept}; `blissful-infra analyze --incident {kept}` shows it again")
        speak(done, wish)
        offer(diagnosis, done.incident, no_input=wish.no_input)
    else:
        recorded = done.incident.id if done.incident else None
        gathered = shape_of_gathered(done.gathered)
        print_data({**shape_of(diagnosis), "incident": recorded, "gathered": gathered}, output)
    if exit_code and any(cause.claim.category != HEALTHY for cause in done.diagnosis.findings[:1]):
        raise click.exceptions.Exit(OPEN_INCIDENT)
