"""`exec`: a command in a pod of an environment."""

import sys
from pathlib import Path

import rich_click

from blissful_infra.cli.command import command


@command(context_settings={"ignore_unknown_options": True})
@rich_click.option("--env", "environment", required=True, help="The environment, as blissful-infra.yaml names it.")
@rich_click.option("--pod", metavar="NAME", help="This pod; else one of the project's Deployment.")
@rich_click.option("-c", "--container", metavar="NAME", help="This container of the pod.")
@rich_click.option("-i", "--stdin", is_flag=True, help="Hand on standard input; on a terminal it is anyway.")
@rich_click.argument("words", nargs=-1, required=True, metavar="COMMAND...")
def exec(  # noqa: A001 - the command's name
    environment: str, pod: str | None, container: str | None, stdin: bool, words: tuple[str, ...]
) -> None:
    """Run a command in a pod of an environment.

    It is `kubectl exec` with the environment's context and namespace: the exit code is the command's.

    \b
    Examples:
      blissful-infra exec --env staging -- env
      blissful-infra exec --env staging --pod my-service-5ff5c4f598-74sdn -- sh
    """
    from blissful_infra.delivery.environments import environment_of
    from blissful_infra.delivery.kubernetes.kubectl import become_kubectl
    from blissful_infra.delivery.previews.previews import note_use
    from blissful_infra.settings.reading import find_project, load_project

    config = load_project(find_project(Path.cwd()))
    place = environment_of(config, environment)
    note_use(config, environment)
    on_terminal = sys.stdin.isatty() and sys.stdout.isatty()
    flags = ["--stdin"] if stdin or on_terminal else []
    flags += ["--tty"] if on_terminal else []
    flags += [f"--container={container}"] if container else []
    target = f"pod/{pod}" if pod else f"deployment/{config.name}"
    become_kubectl(place, ["exec", *flags, target, "--", *words])
