"""The command and group classes of the program: rich help where colour shows, plain text elsewhere.

A command is declared with `@command()`; it gets the global options, so that `--debug` works behind it too.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import click
import rich_click
from rich_click import RichCommand, RichContext, RichGroup
from rich_click.rich_help_formatter import RichHelpFormatter

from blissful_infra.cli.terminal import current_terminal

GLOBAL_OPTIONS = {
    "--no-color": "Plain text, as with NO_COLOR set.",
    "--debug": "Show the traceback of an unexpected error.",
}
"""Read by `terminal_of` from the arguments themselves, so that they hold before anything is parsed."""


class Context(RichContext):
    """A context whose help is rich on a colour terminal only."""

    def make_formatter(self, error_mode: bool = False) -> Any:
        """The formatter of this terminal."""
        if current_terminal().colour_out:
            return super().make_formatter(error_mode)
        return click.HelpFormatter(width=self.terminal_width, max_width=self.max_content_width or 100)


class _Ours(RichCommand):
    """What commands and groups have in common: the global options, and help as the terminal takes it."""

    context_class = Context

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params.extend(_global_options())

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Rich or plain, as the formatter is."""
        if isinstance(formatter, RichHelpFormatter):
            super().format_help(ctx, formatter)
        else:
            self.format_plain_help(ctx, formatter)

    def format_plain_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Help as click itself writes it."""
        click.Command.format_usage(self, ctx, formatter)
        click.Command.format_help_text(self, ctx, formatter)
        click.Command.format_options(self, ctx, formatter)
        click.Command.format_epilog(self, ctx, formatter)


class Command(_Ours):
    """A command of the program."""


class Group(_Ours, RichGroup):  # type: ignore[misc]  # as in RichGroup itself
    """A group whose commands are `Command`s."""

    command_class = Command

    def format_plain_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """With the list of commands last."""
        super().format_plain_help(ctx, formatter)
        self.format_plain_commands(ctx, formatter)

    def format_plain_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands."""
        click.Group.format_commands(self, ctx, formatter)


command: Callable[..., Callable[[Callable[..., Any]], Command]] = partial(rich_click.command, cls=Command)
"""`@command()` makes a function a command of the program."""

group: Callable[..., Callable[[Callable[..., Any]], Group]] = partial(rich_click.group, cls=Group)
"""`@group()` makes a function a group of commands."""


def _global_options() -> list[click.Option]:
    return [
        rich_click.RichOption([flag], is_flag=True, expose_value=False, help=text)
        for flag, text in GLOBAL_OPTIONS.items()
    ]
