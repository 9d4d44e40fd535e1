"""`env`: environments that come and go, one for each branch or pull request."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import rich_click

from blissful_infra.cli.command import group
from blissful_infra.cli.output import Output, output_option, print_data, say

if TYPE_CHECKING:
    from blissful_infra.settings.model import ProjectConfig

SECONDS = click.FloatRange(min=0)
dry_run_option = rich_click.option("--dry-run", is_flag=True, help="Show what would happen, and change nothing.")
timeout_option = rich_click.option(
    "--timeout", type=SECONDS, default=300, show_default=True, help="Seconds a step may take."
)


def subject_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """The options that name a preview by what it is for."""
    pr = rich_click.option("--pr", type=click.IntRange(1, 9_999_999_999), help="The pull request it is for.")
    return rich_click.option("--branch", help="The branch it is for.")(pr(function))


@group()
def env() -> None:
    """Make, list, delete and reap the environments of branches and pull requests.

    \b
    Examples:
      blissful-infra env create --branch feature/login
      blissful-infra env list
      blissful-infra env reap --dry-run
    """


@env.command()
@subject_options
@rich_click.option("--ref", help="The commit that is deployed; else the branch's, or the one checked out.")
@rich_click.option("--image", help="An image to deploy instead: a reference, or a digest (sha256:...).")
@rich_click.option("--ttl", help="How long after its last use it may be reaped (90m, 24h, 7d); else as configured.")
@rich_click.option("--owner", help="Whose it is; else who runs this.")
@rich_click.option("--wait", type=SECONDS, default=0, help="Seconds to wait for another delivery there.")
@timeout_option
@dry_run_option
@output_option
def create(output: Output, **options: Any) -> None:
    """Make the preview of a branch or pull request, or deploy to it again.

    It gets a namespace and backing servers of its own. Run again, it deploys what is new.

    \b
    Examples:
      blissful-infra env create --branch feature/login
      blissful-infra env create --pr 12 --ttl 3d --owner ada
    """
    from blissful_infra.cli.env_creating import create_preview

    create_preview(*_project(), options, output)


@env.command("list")
@output_option
def list_(output: Output) -> None:
    """List the previews: whose they are, how they are, and how long they stay.

    \b
    Examples:
      blissful-infra env list
      blissful-infra env list -o json
    """
    from blissful_infra.cli.env_text import print_previews
    from blissful_infra.delivery.previews.survey import status_of_previews

    found = status_of_previews(_project()[1])
    if output is not Output.TABLE:
        print_data({"v": 1, "previews": found}, output)
    elif found:
        print_previews(found)
    else:
        say("There are no previews; `blissful-infra env create --branch BRANCH` makes one.")


@env.command()
@rich_click.argument("name", required=False)
@subject_options
@rich_click.option("-y", "--yes", is_flag=True, help="Do not ask.")
@rich_click.option("--no-input", is_flag=True, help="Never ask; --yes is needed then.")
@timeout_option
@dry_run_option
@output_option
def delete(name: str | None, branch: str | None, pr: int | None, output: Output, **options: Any) -> None:
    """Delete a preview, and wait until it is gone.

    Named as `env list` shows it, or by its branch or pull request. One that is gone already is no error.

    \b
    Examples:
      blissful-infra env delete --branch feature/login
      blissful-infra env delete pr-12 --yes
    """
    from blissful_infra.cli.env_deleting import delete_preview
    from blissful_infra.delivery.previews.options import name_meant

    project_file, config = _project()
    delete_preview(project_file, config, name_meant(config, name, branch, pr), options, output)


@env.command()
@dry_run_option
@output_option
def reap(dry_run: bool, output: Output) -> None:
    """Delete the previews that nobody used for longer than their time to live.

    A use is a deploy, a command such as logs, or an answered request that was no probe. Safe to run from cron.

    \b
    Examples:
      blissful-infra env reap --dry-run
      blissful-infra env reap -o json
    """
    from blissful_infra.cli.env_deleting import reap_previews

    reap_previews(*_project(), dry_run=dry_run, output=output)


def _project() -> "tuple[Path, ProjectConfig]":
    from blissful_infra.settings.reading import find_project, load_project

    project_file = find_project(Path.cwd())
    return project_file, load_project(project_file)
