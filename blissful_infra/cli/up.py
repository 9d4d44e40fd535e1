"""`up`: start the project's stack and wait until it is healthy."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import rich_click

from blissful_infra.cli.command import command
from blissful_infra.cli.output import Output, output_option, print_data, say

if TYPE_CHECKING:
    from blissful_infra.settings.model import ProjectConfig

SECONDS = click.FloatRange(min=0)


@command()
@rich_click.option("--runtime", type=click.Choice(["auto", "docker", "process"]), help="What runs the stack.")
@rich_click.option("--strict-ports", is_flag=True, help="Fail when a wished port is taken, instead of moving.")
@rich_click.option("--timeout", type=SECONDS, default=120, show_default=True, help="Seconds a service may take.")
@rich_click.option("--build-timeout", type=SECONDS, default=900, show_default=True, help="Seconds a build may take.")
@rich_click.option("--wait", type=SECONDS, default=0, help="Seconds to wait for another command on this stack.")
@rich_click.option("--dry-run", is_flag=True, help="Say what would be started, and change nothing.")
@output_option
def up(
    runtime: str | None,
    strict_ports: bool,
    timeout: float,
    build_timeout: float,
    wait: float,
    dry_run: bool,
    output: Output,
) -> None:
    """Start the project's stack and wait until it is healthy.

    Each service starts after what it needs. `up` again continues where the last one ended.

    \b
    Examples:
      blissful-infra up
      blissful-infra up --runtime process --strict-ports
      blissful-infra up --dry-run
    """
    from blissful_infra.cli.progress import ProgressLines
    from blissful_infra.cli.running import run_stack
    from blissful_infra.settings.reading import find_project, load_project

    project_file = find_project(Path.cwd())
    config = load_project(project_file, flags={"runtime": runtime} if runtime else {})
    variables = {
        "local_stack_runtime": runtime or "",
        "local_stack_strict_ports": strict_ports,
        "local_stack_timeout": timeout,
        "local_stack_build_timeout": build_timeout,
        "local_stack_lock_wait": wait,
    }
    progress = ProgressLines("preparing", titles_of(config))
    result, told = run_stack("up", project_file, variables, progress, state=config.state, check=dry_run)
    if dry_run:
        _say_what_would_start(config.name, told.facts)
    elif len(path := told.facts.get("critical_path", [])) > 1:
        say(f"  slowest path: {' → '.join(path)}")
    if output is not Output.TABLE:
        from blissful_infra.stacks.status import status_of

        document = {"v": 1, "run_id": result.run_id, "changed": result.changed, "dry_run": dry_run}
        print_data(document | {"ready_s": told.ready_s, "stack": status_of(project_file)}, output)


def titles_of(config: "ProjectConfig") -> list[str]:
    """What `up` waits for, in the words of its lines."""
    from blissful_infra.stacks.stack import title_of

    return [title_of(name) for name in (*config.backing.enabled(), *config.services)]


def _say_what_would_start(name: str, facts: Mapping[str, Any]) -> None:
    from blissful_infra.stacks.stack import title_of

    stack = facts.get("stack", {})
    waiting = ", ".join(title_of(service) for service in facts.get("would_start", ())) or "nothing; all is healthy"
    say(f"Would start of {name} (runtime: {stack.get('runtime')}; {stack.get('reason')}): {waiting}.")
