"""`rollback`: an older release of an environment, brought back."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import rich_click

from blissful_infra.cli.command import command
from blissful_infra.cli.delivering import delivery_options
from blissful_infra.cli.output import Output, output_option

if TYPE_CHECKING:
    from blissful_infra.delivery.planning import Plan


@command()
@rich_click.option("--env", "environment", required=True, help="The environment, as blissful-infra.yaml names it.")
@rich_click.option("--to", type=click.IntRange(min=1), help="The release to restore; else the last that served before.")
@rich_click.option("--force", is_flag=True, help="Also past a migration that cannot be undone.")
@delivery_options
@output_option
def rollback(environment: str, to: int | None, force: bool, output: Output, **options: Any) -> None:
    """Bring back an older release of an environment.

    Its recorded manifests are applied again, as a new release; no migration runs.

    \b
    Examples:
      blissful-infra rollback --env staging
      blissful-infra rollback --env production --to 12 --yes
    """
    from blissful_infra.cli.delivering import deliver
    from blissful_infra.settings.reading import find_project, load_project

    project_file = find_project(Path.cwd())
    config = load_project(project_file)
    variables = {"delivery_to": "" if to is None else str(to), "delivery_force": force}

    def plan() -> "Plan":
        from blissful_infra.delivery.planning import plan_rollback

        return plan_rollback(project_file.resolve().parent, config, environment, to=to, force=force)

    deliver("rollback", project_file, config, environment, variables, plan, options=options, output=output)
