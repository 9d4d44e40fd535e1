"""`blissful-infra analyze`: what is wrong and why, from the evidence, with the text that shows it."""

from pathlib import Path

import click
import rich_click

from blissful_infra.cli.command import command
from blissful_infra.cli.output import Output, output_option, print_data

OPEN_INCIDENT = 7


@command()
@rich_click.option(
    "--bundle",
    required=True,
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="The evidence bundle: a folder with a bundle.yaml. Only read, never written.",
)
@rich_click.option("--exit-code", is_flag=True, help="Exit 7 when a cause was found, 0 when nothing is wrong.")
@output_option
def analyze(bundle: Path, exit_code: bool, output: Output) -> None:
    """Find the cause of an incident, with the text that shows it.

    Works offline and without a model. Every cause is backed by quotes that stand in the evidence; what could not be
    seen is listed too.

    \b
    Examples:
      blissful-infra analyze --bundle incident/
      blissful-infra analyze --bundle incident/ -o json | jq '.findings[0].cause'
    """
    from agent.diagnosing import diagnose
    from agent.rca.shaping import shape_of
    from blissful_infra.cli.analyze_text import lines_of
    from blissful_infra.cli.terminal import current_terminal

    diagnosis = diagnose(bundle)
    if output is Output.TABLE:
        for line in lines_of(diagnosis):
            click.echo(line, color=current_terminal().colour_out)
    else:
        print_data(shape_of(diagnosis), output)
    if exit_code and any(cause.claim.category != "healthy" for cause in diagnosis.findings[:1]):
        raise click.exceptions.Exit(OPEN_INCIDENT)
