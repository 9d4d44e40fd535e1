"""`status`: how each service is, asked of the service itself."""

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING

import click
import rich_click

from blissful_infra.cli.command import command
from blissful_infra.cli.durations import uptime
from blissful_infra.cli.output import Output, output_option, print_data, print_table, say

if TYPE_CHECKING:
    from blissful_infra.stacks.stack import StackStatus

STYLES = {
    "healthy": "green",
    "synced": "green",
    "progressing": "yellow",
    "drifted": "yellow",
    "degraded": "red",
    "unreachable": "red",
    "absent": "dim",
    "finished": "green",
    "starting": "yellow",
    "unknown": "yellow",
    "unhealthy": "red",
    "stopped": "dim",
}


@command()
@rich_click.option(
    "--all", "every", is_flag=True, help="Every stack of this machine, those of deleted folders included."
)
@rich_click.option("--envs", is_flag=True, help="The environments of the project, in their clusters.")
@output_option
def status(every: bool, envs: bool, output: Output) -> None:
    """Show the health, version, port and uptime of every service.

    Healthy means that the service itself answers, not that its process runs.

    \b
    Examples:
      blissful-infra status
      blissful-infra status --all
      blissful-infra status --envs
      blissful-infra status -o json
    """
    from blissful_infra.errors import UsageError

    if envs and every:
        raise UsageError("--all is about stacks of this machine, --envs about clusters", hint="give one of them")
    if envs:
        _show_environments(output)
        return
    from blissful_infra.settings.reading import find_project
    from blissful_infra.stacks.status import status_of, status_of_all

    stacks = status_of_all() if every else (status_of(find_project(Path.cwd())),)
    if output is not Output.TABLE:
        print_data({"v": 1, "stacks": stacks}, output)
    elif every:
        _show_stacks(stacks)
    else:
        _show_services(stacks[0])
        _name_environments()


def _show_environments(output: Output) -> None:
    from blissful_infra.cli.env_text import print_previews
    from blissful_infra.delivery.previews.survey import survey
    from blissful_infra.settings.reading import find_project, load_project

    project_file = find_project(Path.cwd())
    surveyed = survey(project_file.resolve().parent, load_project(project_file))
    if output is not Output.TABLE:
        print_data({"v": 1, **dataclasses.asdict(surveyed)}, output)
        return
    found = surveyed.environments
    rows = [
        [
            each.name,
            each.health.value,
            each.sync.value,
            (each.revision or "-")[:12],
            "-" if each.release is None else str(each.release),
            uptime(each.age_s),
            f"{each.cluster}/{each.namespace}",
        ]
        for each in found
    ]
    if rows:
        print_table(["ENVIRONMENT", "HEALTH", "SYNC", "REVISION", "RELEASE", "AGE", "WHERE"], rows, STYLES)
    for each in found:
        if each.drift:
            say(f"{each.name} differs from release {each.release}: {', '.join(each.drift)}", style="yellow")
        if each.detail:
            say(f"{each.name}: {each.detail}")
        if each.argocd:
            why = f": {each.argocd.detail}" if each.argocd.detail else ""
            say(f"{each.name}: {each.argocd.application} of Argo CD is {each.argocd.sync}, {each.argocd.health}{why}")
    if surveyed.previews:
        click.echo()
        print_previews(surveyed.previews)
    if surveyed.previews_detail:
        say(f"The previews cannot be known: {surveyed.previews_detail}", style="red")
    if not found:
        say("The project declares no environments; blissful-infra.yaml shows how, under `environments`.")


def _show_services(stack: "StackStatus") -> None:
    rows = [
        [
            service.title,
            service.health,
            service.version or "-",
            str(service.port or "-"),
            uptime(service.uptime_s),
            "-" if service.restarts is None else str(service.restarts),
            service.url or "-",
        ]
        for service in stack.services
    ]
    print_table(["SERVICE", "HEALTH", "VERSION", "PORT", "UPTIME", "RESTARTS", "URL"], rows, STYLES)
    for service in stack.services:
        if service.detail and service.health not in {"healthy", "finished"}:
            say(f"{service.title}: {service.detail}")
    for notice in stack.notices:
        say(f"notice: {notice}", style="yellow")
    if stack.health == "stopped":
        say("Nothing runs; start it with `blissful-infra up`.")


def _name_environments() -> None:
    """Where the rest of the project's state is looked at: a cluster is not asked unless that is wanted."""
    from blissful_infra.settings.reading import find_project, load_project

    if names := ", ".join(load_project(find_project(Path.cwd())).environments):
        say(f"Its environments ({names}): `blissful-infra status --envs`.")


def _show_stacks(stacks: "tuple[StackStatus, ...]") -> None:
    if not stacks:
        say("No stack runs on this machine.")
        return
    rows = []
    for stack in stacks:
        healthy = sum(service.health == "healthy" for service in stack.services)
        ports = ", ".join(str(service.port) for service in stack.services if service.port)
        rows.append(
            [
                stack.name,
                stack.health,
                stack.runtime,
                f"{healthy}/{len(stack.services)}",
                ports or "-",
                stack.project_dir,
            ]
        )
    print_table(["STACK", "HEALTH", "RUNTIME", "HEALTHY", "PORTS", "FOLDER"], rows, STYLES)
    for stack in stacks:
        for notice in stack.notices:
            say(f"{stack.name}: {notice}", style="yellow")
