"""`port-forward`: an environment's service on a port of this machine."""

from pathlib import Path

import click
import rich_click

from blissful_infra.cli.command import command


@command()
@rich_click.option("--env", "environment", required=True, help="The environment, as blissful-infra.yaml names it.")
@rich_click.option(
    "--to", "target", metavar="KIND/NAME", help="Something else than the service: pod/NAME, service/NAME."
)
@rich_click.argument("ports", nargs=-1, metavar="[LOCAL:REMOTE]...")
def port_forward(environment: str, target: str | None, ports: tuple[str, ...]) -> None:
    """Reach an environment's service through a port of this machine.

    It is `kubectl port-forward` with the environment's context and namespace, on 127.0.0.1, until Ctrl-C. Without
    ports it is a free one, which kubectl names.

    \b
    Examples:
      blissful-infra port-forward --env staging 8080:80
      blissful-infra port-forward --env staging --to service/my-service-postgres 5432:5432
    """
    from blissful_infra.delivery.environments import environment_of
    from blissful_infra.delivery.kubernetes.kubectl import become_kubectl
    from blissful_infra.delivery.previews.previews import note_use
    from blissful_infra.errors import UsageError
    from blissful_infra.settings.reading import find_project, load_project

    if target is not None and not ports:
        raise UsageError("--to needs ports", hint="such as 5432:5432")
    if target is not None and target.startswith("-"):
        raise click.BadParameter(f"{target!r} is no object", param_hint="--to")
    config = load_project(find_project(Path.cwd()))
    place = environment_of(config, environment)
    note_use(config, environment)
    words = ["port-forward", "--address=127.0.0.1", target or f"service/{config.name}", "--", *(ports or (":http",))]
    become_kubectl(place, words)
