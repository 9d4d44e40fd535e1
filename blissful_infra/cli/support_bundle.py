"""`blissful-infra support-bundle`: the live project's evidence as a file to hand on, secrets taken out."""

from pathlib import Path

import click
import rich_click

from blissful_infra.cli.command import command
from blissful_infra.cli.output import Output, print_data, print_table, say


@command("support-bundle")
@rich_click.option(
    "--output",
    "target",
    metavar="DIR|FILE.tar.gz",
    type=click.Path(path_type=Path),
    help="Where to; by default NAME-support-TIME.tar.gz in this folder. Never overwrites.",
)
@rich_click.option("--env", metavar="NAME", help="An environment of blissful-infra.yaml instead of the local stack.")
@rich_click.option("--since", metavar="TIME", help="From this time on: 15m, 2h, 3d, or 2026-01-01T12:00.")
@rich_click.option("--dry-run", is_flag=True, help="Gather, and say what would be written.")
@rich_click.option(
    "-o",
    "shape",
    type=click.Choice([shape.value for shape in Output]),
    default=Output.TABLE.value,
    show_default=True,
    callback=lambda _ctx, _param, value: Output(value),
    help="The shape of the result.",
)
def support_bundle(target: Path | None, env: str | None, since: str | None, dry_run: bool, shape: Output) -> None:
    """Write the project's evidence into a bundle to hand on.

    It holds what `analyze` looks at, and `analyze --bundle` of it finds the same. Passwords, tokens and keys are taken
    out first, the project's own generated ones among them; still, look before you send it.

    \b
    Examples:
      blissful-infra support-bundle
      blissful-infra support-bundle --env staging --output incident.tar.gz
      blissful-infra analyze --bundle incident.tar.gz
    """
    from blissful_infra.cli.gathered_text import lines_of_gathered
    from blissful_infra.cli.supporting import bundled, shape_of

    made = bundled(target, env=env, since=since, dry_run=dry_run)
    if shape is not Output.TABLE:
        print_data(shape_of(made), shape)
        return
    for line in lines_of_gathered(made.gathered):
        say(line)
    print_table(("FILE", "BYTES"), [(path, f"{size:,}") for path, size in made.files])
    say(f"{'Would write' if dry_run else 'Wrote'} {made.target} ({len(made.files)} files); secrets were taken out.")
