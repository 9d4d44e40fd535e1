"""`image build|push|list`: the project's image, named by its commit."""

from pathlib import Path
from typing import TYPE_CHECKING

import rich_click

from blissful_infra.cli.command import group
from blissful_infra.cli.output import Output, output_option, print_data, print_table, say
from blissful_infra.cli.progress import ProgressLines

if TYPE_CHECKING:
    from blissful_infra.delivery.images.imaging import ImageWork


@group()
def image() -> None:
    """Build, push and list the project's images.

    \b
    Examples:
      blissful-infra image build
      blissful-infra image push
      blissful-infra image list -o json
    """


allow_dirty_option = rich_click.option(
    "--allow-dirty", is_flag=True, help="Also with changes that are not committed; the tag then ends in -dirty."
)


@image.command("build")
@allow_dirty_option
@rich_click.option("--dry-run", is_flag=True, help="Say what would be built, and build nothing.")
@output_option
def build(allow_dirty: bool, dry_run: bool, output: Output) -> None:
    """Build the image of the commit that is checked out, with Docker.

    \b
    Examples:
      blissful-infra image build
      blissful-infra image build --allow-dirty
    """
    work = _work()
    progress = ProgressLines("building")
    with progress.live():
        built = work.build(allow_dirty=allow_dirty, dry_run=dry_run, tell=progress.say)
    _show(built, output, dry_run=dry_run)


@image.command("push")
@allow_dirty_option
@rich_click.option("--dry-run", is_flag=True, help="Say what would be pushed, and push nothing.")
@output_option
def push(allow_dirty: bool, dry_run: bool, output: Output) -> None:
    """Push the image of this commit, built first where the engine has none; print its digest.

    \b
    Examples:
      blissful-infra image push
      blissful-infra image push -o json
    """
    work = _work()
    progress = ProgressLines("building and pushing")
    with progress.live():
        pushed = work.push(allow_dirty=allow_dirty, dry_run=dry_run, tell=progress.say)
    _show(pushed, output, dry_run=dry_run)


@image.command("list")
@output_option
def list_images(output: Output) -> None:
    """List the images in the registry, by tag, with their digests.

    \b
    Examples:
      blissful-infra image list
    """
    repository, found = _work().listed()
    if output is not Output.TABLE:
        print_data({"v": 1, "repository": repository, "images": found}, output)
    elif found:
        print_table(["TAG", "DIGEST"], [[each.tag, each.digest] for each in found])
    else:
        say(f"{repository} holds no image; `blissful-infra image push` pushes one.")


def _work() -> "ImageWork":
    from blissful_infra.delivery.images.imaging import ImageWork
    from blissful_infra.settings.reading import find_project, load_project

    project_file = find_project(Path.cwd())
    return ImageWork(project_file.resolve().parent, load_project(project_file))


def _show(found: "object", output: Output, *, dry_run: bool) -> None:
    from blissful_infra.delivery.images.imaging import MadeImage

    assert isinstance(found, MadeImage)
    if output is not Output.TABLE:
        print_data({"v": 1, "dry_run": dry_run, "image": found}, output)
    else:
        print_table(["IMAGE", "DIGEST"], [[f"{found.repository}:{tag}", found.digest or "-"] for tag in found.tags])
