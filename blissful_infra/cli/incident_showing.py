"""One recorded incident, shown: behind `incidents show` and `analyze --incident`."""

import click

from agent.domain.incident import SimilarIncident
from agent.errors import NoSuchIncidentError, SourceUnavailableError
from agent.recalling import similar_to
from blissful_infra.cli.incident_shape import deep_shape
from blissful_infra.cli.incident_text import lines_of_incident
from blissful_infra.cli.knowing import knowledge_here
from blissful_infra.cli.output import Output, print_data, say
from blissful_infra.cli.terminal import current_terminal
from blissful_infra.errors import UsageError


def show_incident(incident_id: str, output: Output, *, alone: bool = True) -> None:
    """Print the incident; `alone` is false where an option was given that chooses evidence, which is recorded here."""
    if not alone:
        raise UsageError("--incident shows what was recorded; it goes with -o only", hint="leave the others out")
    with knowledge_here() as base:
        incident = base.incident(incident_id)
        if incident is None:
            raise NoSuchIncidentError(
                f"there is no incident {incident_id!r}", hint="`blissful-infra incidents list` names them"
            )
        outcomes = base.outcomes(incident.id)
        similar: tuple[SimilarIncident, ...] = ()
        try:
            similar = similar_to(incident, base)
        except SourceUnavailableError as error:
            say(f"similar incidents were not looked for: {error.message}", style="yellow")
    if output is Output.TABLE:
        for line in lines_of_incident(incident, outcomes, similar):
            click.echo(line, color=current_terminal().colour_out)
    else:
        print_data(deep_shape(incident, outcomes, similar), output)
