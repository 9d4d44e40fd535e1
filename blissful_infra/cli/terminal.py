"""What the two output streams can show: colour, a live line. Decided once, from flags, variables and the streams."""

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import click


@dataclass(frozen=True, slots=True)
class Terminal:
    """How to write: `colour_out` and `colour_err` allow ANSI codes, `live` a line that is redrawn on stderr."""

    colour_out: bool
    colour_err: bool
    live: bool
    debug: bool


def colour_wanted(*, is_terminal: bool, refused: bool, environ: Mapping[str, str]) -> bool:
    """`--no-color`, then NO_COLOR, then FORCE_COLOR, then TERM=dumb, then whether a person is looking."""
    if refused or environ.get("NO_COLOR"):
        return False
    if environ.get("FORCE_COLOR"):
        return True
    return is_terminal and environ.get("TERM") != "dumb"


def terminal_of(arguments: Sequence[str], environ: Mapping[str, str]) -> Terminal:
    """The terminal of this process. Global flags count wherever they stand before `--`, errors in others included."""
    given = set(arguments[: arguments.index("--")] if "--" in arguments else arguments)
    refused = "--no-color" in given
    out, err = (stream is not None and stream.isatty() for stream in (sys.stdout, sys.stderr))  # None where closed
    return Terminal(
        colour_out=colour_wanted(is_terminal=out, refused=refused, environ=environ),
        colour_err=colour_wanted(is_terminal=err, refused=refused, environ=environ),
        live=err and environ.get("TERM") != "dumb",
        debug="--debug" in given or bool(environ.get("BLISSFUL_DEBUG")),
    )


def current_terminal() -> Terminal:
    """The terminal that `main` decided on, or one decided now when a command runs without `main`."""
    context = click.get_current_context(silent=True)
    found = context.find_object(Terminal) if context else None
    return found or terminal_of((), os.environ)
