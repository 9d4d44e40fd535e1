"""`blissful-infra logs`: what the services wrote, merged by time."""

import re
from pathlib import Path

import click
import rich_click

from blissful_infra.cli.command import command

FOLLOWED_TAIL = 50
INTERRUPTED = 130
LEVELS = ("trace", "debug", "info", "warn", "error", "fatal")


@command()
@rich_click.argument("services", nargs=-1, metavar="[SERVICE]...")
@rich_click.option("--env", "environment", metavar="NAME", help="The pods of an environment, not the local stack.")
@rich_click.option("-f", "--follow", is_flag=True, help="Go on with what the services write, until Ctrl-C.")
@rich_click.option("--since", metavar="TIME", help="From this time on: 15m, 2h, 3d ago, or 2026-01-01T12:00.")
@rich_click.option("--until", metavar="TIME", help="Up to this time.")
@rich_click.option("--level", type=click.Choice(LEVELS, case_sensitive=False), help="As bad as this, or worse.")
@rich_click.option("--grep", metavar="REGEX", help="Search the message and the stack trace, in any case.")
@rich_click.option("--trace", metavar="ID", help="Of this trace id.")
@rich_click.option(
    "--tail", type=click.IntRange(min=0), metavar="N", help=f"The last N; with --follow {FOLLOWED_TAIL} unless given."
)
@rich_click.option(
    "-o", "--output", type=click.Choice(("table", "json")), default="table", show_default=True, help="json is NDJSON."
)
def logs(
    services: tuple[str, ...],
    environment: str | None,
    follow: bool,
    since: str | None,
    until: str | None,
    level: str | None,
    grep: str | None,
    trace: str | None,
    tail: int | None,
    output: str,
) -> None:
    """Show the logs of the services named, or of all, merged by time.

    JSON lines (ECS and others), logfmt and plain text are understood; stack traces stay with their message. An entry
    without a time of its own has that of the one before it.

    \b
    Examples:
      blissful-infra logs app --level warn --since 15m
      blissful-infra logs --follow --grep 'timed? out'
      blissful-infra logs --env staging --since 10m --level error
      blissful-infra logs --trace 4bf92f3577b34da6a3ce929d0e0e4736 -o json
    """
    from datetime import UTC, datetime

    from agent.domain import Severity
    from agent.normalize.log_filter import LogFilter
    from blissful_infra.cli.log_printing import print_logs, print_logs_of
    from blissful_infra.cli.when import moment
    from blissful_infra.errors import UsageError
    from blissful_infra.settings.reading import find_project
    from blissful_infra.stacks.planning import read_project

    now = datetime.now(UTC)
    if follow and until:
        raise UsageError("--follow and --until exclude each other", hint="leave one of them out")
    try:
        pattern = re.compile(grep, re.IGNORECASE) if grep else None
    except (re.error, OverflowError, RecursionError) as error:
        raise UsageError(f"--grep {grep!r} is no regular expression: {error}", hint="escape it: 'a\\.b'") from error
    keep = LogFilter(
        level=Severity(level.lower()) if level else None,
        pattern=pattern,
        trace=trace,
        since=moment(since, option="--since", now=now) if since else None,
        until=moment(until, option="--until", now=now) if until else None,
    )
    if follow and tail is None and since is None:
        tail = FOLLOWED_TAIL
    as_json = output == "json"
    project = read_project(find_project(Path.cwd()))
    try:
        if environment is not None:
            from blissful_infra.delivery.environments import environment_of
            from blissful_infra.delivery.previews.previews import note_use

            note_use(project.settings.config, environment)
            print_logs_of(
                environment_of(project.settings.config, environment),
                services,
                keep,
                tail=tail,
                follow=follow,
                as_json=as_json,
            )
        else:
            print_logs(project, services, keep, tail=tail, follow=follow, as_json=as_json)
    except KeyboardInterrupt as interrupt:
        if not follow or type(interrupt) is not KeyboardInterrupt:
            raise
        raise click.exceptions.Exit(INTERRUPTED) from None  # the way to end --follow; nothing to tell
