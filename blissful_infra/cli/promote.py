"""`promote`: what one environment serves, deployed to another."""

from pathlib import Path
from typing import Any

import rich_click

from blissful_infra.cli.command import command
from blissful_infra.cli.delivering import delivery_options
from blissful_infra.cli.output import Output, output_option


@command()
@rich_click.option("--from", "source", required=True, help="The environment whose release is taken.")
@rich_click.option("--to", "target", required=True, help="The environment it is deployed to.")
@rich_click.option("--atomic", is_flag=True, help="Go back to the release before when this one fails.")
@rich_click.option("--force-gates", is_flag=True, help="Through closed gates too; the release records which.")
@delivery_options
@output_option
def promote(source: str, target: str, atomic: bool, force_gates: bool, output: Output, **options: Any) -> None:
    """Deploy what one environment serves to another: the same digest.

    The environment it goes to may declare gates: each is shown with what was seen, and a closed one refuses it.

    \b
    Examples:
      blissful-infra promote --from staging --to production
      blissful-infra promote --from staging --to production --atomic --yes
      blissful-infra promote --from staging --to production --force-gates
    """
    from blissful_infra.cli.delivering import deliver
    from blissful_infra.cli.promotion_gates import judge
    from blissful_infra.delivery.planning import plan_deploy, promotable
    from blissful_infra.errors import UsageError
    from blissful_infra.settings.reading import find_project, load_settings

    if source == target:
        raise UsageError(f"{source} serves it already", hint="--from and --to name two environments")
    project_file = find_project(Path.cwd())
    settings = load_settings(project_file)
    config = settings.config
    folder = project_file.resolve().parent
    image, ref = promotable(config, source)
    gates, forced = judge(settings, source, target, force=force_gates, dry_run=options["dry_run"], output=output)
    variables = {
        "delivery_image": image,
        "delivery_ref": ref or "",
        "delivery_atomic": atomic,
        "delivery_forced_gates": forced,
    }
    deliver(
        "deploy", project_file, config, target, variables,
        lambda: plan_deploy(folder, config, target, image=image, ref=ref),
        options=options, output=output, more={"gates": gates},
    )  # fmt: skip
