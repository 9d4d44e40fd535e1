"""The top group: it knows each command's name and one line, and imports a command only when it is called."""

import difflib
import importlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import click

from blissful_infra.cli.command import Command, Group


@dataclass(frozen=True, slots=True)
class Entry:
    """One command: the module `blissful_infra.cli.<module>` holds a click command named like it, `_` for `-`."""

    name: str
    panel: str
    short_help: str
    module: str = ""

    def load(self) -> click.Command:
        """Import the command."""
        name = self.name.replace("-", "_")
        module = importlib.import_module(f"blissful_infra.cli.{self.module or name}")
        found: click.Command = getattr(module, name)
        return found


class LazyGroup(Group):
    """A group whose commands are placeholders until one is called."""

    def __init__(self, *args: Any, entries: Iterable[Entry] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.entries = {entry.name: entry for entry in entries}
        for entry in self.entries.values():
            self.add_command(Command(entry.name, short_help=entry.short_help, panel=entry.panel))

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order of a day's work, not of the alphabet."""
        return list(self.entries)

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str, click.Command, list[str]]:
        """The real command of the first argument; an unknown name is answered with the nearest one."""
        name, rest = args[0], args[1:]
        if entry := self.entries.get(name):
            return name, entry.load(), rest
        if name.startswith("-") and not ctx.resilient_parsing:
            self.parse_args(ctx, args)
        near = difflib.get_close_matches(name, self.entries, n=1)
        suggestion = f" Did you mean {near[0]!r}?" if near else ""
        raise click.UsageError(f"No such command {name!r}.{suggestion}", ctx)

    def format_plain_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands under the heading of their panel."""
        width = max(map(len, self.entries), default=0)
        for panel in dict.fromkeys(entry.panel for entry in self.entries.values()):
            with formatter.section(panel):
                rows = [entry for entry in self.entries.values() if entry.panel == panel]
                formatter.write_dl([(entry.name.ljust(width), entry.short_help) for entry in rows])
