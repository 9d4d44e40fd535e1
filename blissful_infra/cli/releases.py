"""`releases`: what was deployed to an environment."""

from datetime import UTC, datetime
from pathlib import Path

import rich_click

from blissful_infra.cli.command import command
from blissful_infra.cli.output import Output, output_option, print_data, print_table, say

STYLES = {"served": "green", "failed": "red", "rolled-back": "yellow", "pending": "yellow"}


@command()
@rich_click.option("--env", "environment", required=True, help="The environment, as blissful-infra.yaml names it.")
@output_option
def releases(environment: str, output: Output) -> None:
    """Show the releases of an environment: who, what, when, and how they ended.

    \b
    Examples:
      blissful-infra releases --env staging
      blissful-infra releases --env production -o json
    """
    from blissful_infra.delivery.environments import environment_of
    from blissful_infra.delivery.kubernetes.cluster import Cluster
    from blissful_infra.delivery.records import Records
    from blissful_infra.settings.reading import find_project, load_project

    config = load_project(find_project(Path.cwd()))
    found = Records(Cluster(environment_of(config, environment)), config.name).all()
    if output is not Output.TABLE:
        print_data({"v": 1, "environment": environment, "releases": found}, output)
        return
    if not found:
        say(f"Nothing was deployed to {environment} yet; `blissful-infra deploy --env {environment}` does.")
    rows = [
        [
            str(each.number),
            each.verdict.value,
            (each.revision or "-")[:12],
            "-" if each.before is None else str(each.before),
            datetime.fromtimestamp(each.at, UTC).strftime("%Y-%m-%d %H:%M:%SZ"),
            "-" if each.seconds is None else f"{each.seconds:.0f}s",
            each.by,
            each.reason or ("-" if each.restores is None else f"restores {each.restores}"),
        ]
        for each in found
    ]
    print_table(["RELEASE", "VERDICT", "REVISION", "AFTER", "AT", "TOOK", "BY", "NOTE"], rows, STYLES)
