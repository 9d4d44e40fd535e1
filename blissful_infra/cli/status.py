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
    from blissful_infra.delivery.previews.survey import Survey
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
@rich_click.option("--envs", is_flag=True, help="Only the environments of the project, in their clusters.")
@rich_click.option("--local", is_flag=True, help="Only the services on this machine; no cluster is asked.")
@output_option
def status(every: bool, envs: bool, local: bool, output: Output) -> None:
    """Show how the services on this machine are, and the environments in their clusters.

    Healthy means that the service itself answers, not that its process runs.

    \b
    Examples:
      blissful-infra status
      blissful-infra status --all
      blissful-infra status --local
      blissful-infra status --envs
      blissful-infra status -o json
    """
    from blissful_infra.errors import UsageError

    if every + envs + local > 1:
        raise UsageError("--all, --envs and --local each choose what is shown", hint="give one of them")
    stacks = () if envs else _stacks(every)
    if output is Output.TABLE and every:
        _show_stacks(stacks)
    elif output is Output.TABLE and stacks:
        _show_services(stacks[0])
    surveyed = None if every or local else _surveyed(asked_for=envs)
    if output is not Output.TABLE:
        document = {"v": 1} if envs else {"v": 1, "stacks": stacks}
        print_data(document | (dataclasses.asdict(surveyed) if surveyed else {}), output)
    elif surveyed:
        if stacks:
            click.echo()
        _show_environments(surveyed)


def _stacks(every: bool) -> "tuple[StackStatus, ...]":
    from blissful_infra.settings.reading import find_project
    from blissful_infra.stacks.status import status_of, status_of_all

    return status_of_all() if every else (status_of(find_project(Path.cwd())),)


def _surveyed(*, asked_for: bool) -> "Survey | None":
    """How the environments are; None where the project declares none and nobody asked for them."""
    from blissful_infra.settings.reading import find_project, load_project

    project_file = find_project(Path.cwd())
    config = load_project(project_file)
    if not (asked_for or config.environments or config.previews):
        return None
    from blissful_infra.delivery.previews.survey import survey

    return survey(project_file.resolve().parent, config)


def _show_environments(surveyed: "Survey") -> None:
    from blissful_infra.cli.env_text import print_previews

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
