"""`argocd install|app`: Argo CD in a cluster, and what it needs to deliver the project."""

from pathlib import Path
from typing import Any

import click
import rich_click

from blissful_infra.cli.command import group
from blissful_infra.cli.output import Output, output_option, print_data, say


@group()
def argocd() -> None:
    """Install Argo CD, and tell it about the project.

    \b
    Examples:
      blissful-infra argocd install --context staging-context --dry-run
      blissful-infra argocd app
      blissful-infra argocd app --apply
    """


@argocd.command("install")
@rich_click.option("--context", required=True, help="The kubeconfig context of the cluster; no other is touched.")
@rich_click.option("--version", "release", help="The version of Argo CD; else the newest that is known here.")
@rich_click.option("--sha256", help="The checksum of its manifests, for a version that is not known here.")
@rich_click.option(
    "--file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="A copy of its manifests, instead of a download.",
)
@rich_click.option("--timeout", type=click.FloatRange(min=0), default=600, show_default=True, help="Seconds to wait.")
@rich_click.option("--dry-run", is_flag=True, help="Show what would be applied, and change nothing.")
@rich_click.option("--no-input", is_flag=True, help="Never ask; --yes is needed then.")
@rich_click.option("-y", "--yes", is_flag=True, help="Do not ask.")
@output_option
def install(context: str, release: str | None, output: Output, **options: Any) -> None:
    """Install Argo CD into a cluster: the manifests of its release, by URL and checksum.

    A dry run downloads nothing; with --file it also asks the cluster what is there already.

    \b
    Examples:
      blissful-infra argocd install --context staging-context --dry-run
      blissful-infra argocd install --context staging-context --yes
      blissful-infra argocd install --context staging-context --file install.yaml
    """
    from blissful_infra.cli.argocd_installing import install_argocd

    install_argocd(context, release, options, output)


@argocd.command("app")
@rich_click.option("--env", "environments", multiple=True, help="An environment; else all that Argo CD delivers.")
@rich_click.option(
    "--previews", metavar="OWNER/REPO", help="Also an ApplicationSet for this repository's pull requests."
)
@rich_click.option("--apply", "applies", is_flag=True, help="Apply them to the clusters of their environments.")
@output_option
def app(environments: tuple[str, ...], previews: str | None, applies: bool, output: Output) -> None:
    """Print the AppProject and the Applications of the project, or apply them.

    The ApplicationSet for previews is printed, never applied: it makes what a pull request says.

    \b
    Examples:
      blissful-infra argocd app
      blissful-infra argocd app --env staging --apply
      blissful-infra argocd app --previews team/my-service > previews.yaml
    """
    import yaml

    from blissful_infra.delivery.gitops.registering import register, registrations_of
    from blissful_infra.errors import UsageError
    from blissful_infra.settings.reading import find_project, load_project

    if previews is not None and previews.count("/") != 1:
        raise UsageError(f"{previews!r} is no GitHub repository", hint="name it as owner/repository")
    project_file = find_project(Path.cwd())
    config = load_project(project_file)
    found = registrations_of(project_file.resolve().parent, config, environments, github=previews)
    if applies:
        for line in register(config, found):
            say(line)
    if output is not Output.TABLE:
        print_data({"v": 1, "applied": applies, "clusters": found}, output)
    elif not applies:
        streams = [f"# {each.cluster}\n{yaml.safe_dump_all(each.resources, sort_keys=False)}" for each in found]
        click.echo("---\n".join(streams), nl=False)
