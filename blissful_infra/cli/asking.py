"""A yes or no from a person: beforehand by `--yes`, or on a terminal; never guessed."""

import sys

import click

from blissful_infra.cli.output import say
from blissful_infra.errors import UsageError


def agreed(question: str, *, yes: bool, no_input: bool, command: str) -> bool:
    """Whether to go on. Raises `UsageError` where nobody can be asked; `command` is what says yes beforehand."""
    if yes:
        return True
    nobody, hint = f"{question} Nobody can be asked", f"say yes beforehand: `{command}`"
    return _answered(question, no_input=no_input, nobody=nobody, hint=hint)


def agree_or_leave(question: str, *, no_input: bool, nobody: str, hint: str, about: str = "") -> None:
    """Go on after a yes; a no ends the command, which changed nothing. `about` is said before the question.

    Raises `UsageError` with `nobody` and `hint` where nobody can be asked.
    """
    if not _answered(question, no_input=no_input, nobody=nobody, hint=hint, about=about):
        say("Nothing was changed.")
        raise click.exceptions.Exit(0)


def _answered(question: str, *, no_input: bool, nobody: str, hint: str, about: str = "") -> bool:
    if no_input or not sys.stdin.isatty():
        raise UsageError(nobody, hint=hint)
    if about:
        say(about)
    return click.confirm(question, default=False, err=True)
