"""`deploy`: the project to an environment, and wait until the revision serves."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import rich_click

from blissful_infra.cli.command import command
from blissful_infra.cli.delivering import delivery_options
from blissful_infra.cli.output import Output, output_option

if TYPE_CHECKING:
    from blissful_infra.delivery.planning import Plan


@command()
@rich_click.option("--env", "environment", required=True, help="The environment, as blissful-infra.yaml names it.")
@rich_click.option("--ref", help="The commit whose image and manifests are deployed; else the one checked out.")
@rich_click.option("--image", help="An image to deploy instead: a reference, or a digest (sha256:...).")
@rich_click.option("--atomic", is_flag=True, help="Go back to the release before when this one fails.")
@delivery_options
@output_option
def deploy(environment: str, ref: str | None, image: str | None, atomic: bool, output: Output, **options: Any) -> None:
    """Deploy the project to an environment, and wait until the revision serves.

    Shows first what would change. Migrations run before any new pod starts.

    \b
    Examples:
      blissful-infra deploy --env staging
      blissful-infra deploy --env production --ref v1.4.0 --atomic --yes
      blissful-infra deploy --env staging --dry-run
    """
    from blissful_infra.cli.delivering import deliver
    from blissful_infra.settings.reading import find_project, load_project

    project_file = find_project(Path.cwd())
    config = load_project(project_file)
    folder = project_file.resolve().parent
    variables = {"delivery_image": image or "", "delivery_ref": ref or "", "delivery_atomic": atomic}

    def plan() -> "Plan":
        from blissful_infra.delivery.planning import plan_deploy

        return plan_deploy(folder, config, environment, image=image, ref=ref)

    deliver("deploy", project_file, config, environment, variables, plan, options=options, output=output)
