"""A yes or no from a person: beforehand by `--yes`, or on a terminal; never guessed."""

import sys

import click

from blissful_infra.errors import UsageError


def agreed(question: str, *, yes: bool, no_input: bool, command: str) -> bool:
    """Whether to go on. Raises `UsageError` where nobody can be asked; `command` is what says yes beforehand."""
    if yes:
        return True
    if no_input or not sys.stdin.isatty():
        raise UsageError(f"{question} Nobody can be asked", hint=f"say yes beforehand: `{command}`")
    return click.confirm(question, default=False, err=True)
