"""The command line: `blissful-infra` and `blissful` are this one program.

Belongs here: parsing, calling one function, printing its result; one file a command. Does not belong here: what the
commands do (`scaffold`, `stacks`, `runs`, `doctor`, `agent`). Only `main` prints errors and exits. Nothing heavy is
imported before a command is called, which keeps `--help` quick; `lazy.py` tells how.
"""

import os
import signal
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import NoReturn

import click

from agent.errors import BlissfulError
from blissful_infra.cli.command import group
from blissful_infra.cli.lazy import Entry, LazyGroup
from blissful_infra.cli.terminal import terminal_of

START, WORK, DELIVER, EXPLAIN, TEND = "Start", "Work", "Deliver", "Explain", "Look after"

ENTRIES = (
    Entry("create", START, "Make a new project from a template, in a folder called NAME."),
    Entry("up", WORK, "Start the project's stack and wait until it is healthy."),
    Entry("status", WORK, "Show how the services on this machine are, and the environments in their clusters."),
    Entry("logs", WORK, "Show the logs of the services named, or of all, merged by time."),
    Entry("down", WORK, "Stop the project's stack; its data stays."),
    Entry("image", DELIVER, "Build, push and list the project's images."),
    Entry("deploy", DELIVER, "Deploy the project to an environment, and wait until the revision serves."),
    Entry("rollback", DELIVER, "Bring back an older release of an environment."),
    Entry("promote", DELIVER, "Deploy what one environment serves to another: the same digest."),
    Entry("releases", DELIVER, "Show the releases of an environment: who, what, when, and how they ended."),
    Entry("exec", DELIVER, "Run a command in a pod of an environment."),
    Entry("port-forward", DELIVER, "Reach an environment's service through a port of this machine."),
    Entry("env", DELIVER, "Make, list, delete and reap the environments of branches and pull requests."),
    Entry("argocd", DELIVER, "Install Argo CD, and tell it about the project."),
    Entry("analyze", EXPLAIN, "Find the cause of an incident, with the text that shows it."),
    Entry("fix", EXPLAIN, "Show, apply, verify and propose fixes for an incident."),
    Entry("agent", EXPLAIN, "Ask what happened, answered from the evidence."),
    Entry("suggest", EXPLAIN, "Show what is worth doing before something breaks, and why."),
    Entry("incidents", EXPLAIN, "Show, close and merge the failures that `analyze` recorded."),
    Entry(
        "patterns",
        EXPLAIN,
        "Show the failure patterns: those of this version, and the team's own in blissful/patterns/.",
    ),
    Entry("knowledge", EXPLAIN, "Hand what the agent remembers to another project or machine, or keep a copy."),
    Entry("support-bundle", EXPLAIN, "Write the project's evidence into a bundle to hand on."),
    Entry("doctor", TEND, "Check the tools and the machine, and say what to mend."),
    Entry("config", TEND, "Show, validate and describe the configuration."),
    Entry("completion", TEND, "Print the completion script of a shell."),
)


def _print_version(ctx: click.Context, _param: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        from importlib.metadata import version

        click.echo(f"blissful-infra {version('blissful-infra')}")
        ctx.exit()


@group(
    cls=LazyGroup,
    entries=ENTRIES,
    invoke_without_command=True,
    context_settings={
        "help_option_names": ["-h", "--help"],
        "max_content_width": 100,
        "rich_help_config": {"style_helptext": "", "text_markup": "ansi"},
    },
)
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_print_version, help="Show the version."
)
@click.pass_context
def root(ctx: click.Context) -> None:
    """The paved road from an empty folder to a service a team can trust in production.

    \b
    Examples:
      blissful-infra create my-service --template spring-boot
      cd my-service && blissful-infra up
      blissful-infra agent --query "what failed?"
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


class Terminated(KeyboardInterrupt):
    """SIGTERM arrived: handled like Ctrl-C, so that what undoes one undoes the other; the exit code is 143."""


def main() -> NoReturn:
    """Run the program. The only place that prints errors and exits."""
    arguments = sys.argv[1:]
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError):
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    signal.signal(signal.SIGTERM, _terminate)
    try:
        code = run(arguments)
        if sys.stdout is not None:
            sys.stdout.flush()
    except BrokenPipeError:  # the reader went away, as `| head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    sys.exit(code)


def run(arguments: list[str]) -> int:
    """Run one command line and return the exit code of docs/exit-codes.md."""
    terminal = terminal_of(arguments, os.environ)
    program = Path(sys.argv[0]).name
    try:
        _complete(program)
        _stand_somewhere()
        with root.make_context(program, list(arguments), obj=terminal) as ctx:
            ctx.color = terminal.colour_out
            root.invoke(ctx)
    except click.exceptions.Exit as exit_:
        return exit_.exit_code
    except click.ClickException as error:
        from blissful_infra.cli.failure import usage_lines_of

        _tell(usage_lines_of(error), colour=terminal.colour_err)
        return error.exit_code
    except BlissfulError as error:
        from blissful_infra.cli.failure import lines_of

        _tell(lines_of(error), colour=terminal.colour_err)
        if terminal.debug:
            _tell_traceback(error)
        return error.exit_code
    except Terminated:
        _tell(["Terminated."], colour=False)
        return 143
    except (KeyboardInterrupt, click.Abort):
        _tell(["Interrupted."], colour=False)
        return 130
    except BrokenPipeError:
        raise
    except Exception as error:  # noqa: BLE001 - the last resort: a bug, shown as one
        _tell_bug(error, arguments, colour=terminal.colour_err, debug=terminal.debug)
        return 1
    return 0


def _complete(program: str) -> None:
    variable = f"_{program}_COMPLETE".replace("-", "_").replace(".", "_").upper()
    if instruction := os.environ.get(variable):
        from click.shell_completion import shell_complete

        raise click.exceptions.Exit(shell_complete(root, {}, program, variable, instruction))


def _stand_somewhere() -> None:
    try:
        Path.cwd()
    except FileNotFoundError:
        from blissful_infra.errors import UsageError

        raise UsageError("the folder you are in was deleted", hint="cd to another one") from None


def _terminate(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise Terminated


def _tell(lines: Iterable[str], *, colour: bool) -> None:
    for line in lines:
        click.echo(line, err=True, color=colour)


def _tell_traceback(error: BaseException) -> None:
    import traceback

    click.echo("".join(traceback.format_exception(error)), err=True, nl=False)


def _tell_bug(error: Exception, arguments: list[str], *, colour: bool, debug: bool) -> None:
    from blissful_infra.cli.failure import keep_traceback, lines_of

    kept = keep_traceback(error, arguments, Path.cwd())
    shown = BlissfulError(
        f"this is a bug in blissful-infra: {type(error).__name__}: {error}",
        hint="report it with that file; `--debug` shows the traceback here",
        context={"traceback": str(kept) if kept else "could not be kept; run again with --debug"},
    )
    _tell(lines_of(shown), colour=colour)
    if debug:
        _tell_traceback(error)
