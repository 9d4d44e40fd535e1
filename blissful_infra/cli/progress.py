"""The lines of a run on stderr: what is ready and when; on a terminal also one live line for what is waited for."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from blissful_infra.cli.failure import printable
from blissful_infra.cli.output import say
from blissful_infra.cli.terminal import current_terminal

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID


def line_of(message: Mapping[str, Any]) -> str | None:
    """The line for one message of the stack, or None for what has no line.

    >>> line_of({"service": "postgres", "title": "Postgres", "state": "ready", "after_s": 2.4, "url": None})
    '✓ Postgres ready      2.4s'
    """
    if "notice" in message:
        return f"  note: {message['notice']}"
    if "service" in message:
        if message["state"] == "waiting":
            return None
        if message["state"] == "building":
            return f"  {message['title']} {message['detail']}"
        url = f"    {message['url']}" if message.get("url") else ""
        return f"✓ {message['title'] + ' ' + message['state']:<19}{message['after_s']:>4.1f}s{url}"
    if "delivery" in message:
        return f"✓ {message['detail']}  {message['after_s']:.1f}s" if message["state"] == "done" else message["detail"]
    if message.get("state") == "starting":
        return f"Starting {message['stack']} (runtime: {message['runtime']}; {message['reason']})"
    if message.get("state") == "stopped":
        return "Stopped."
    return None


class ProgressLines:
    """Prints messages as they come. Not for output that a program reads: that goes to stdout, at the end.

    `expected` are the titles waited for, in the order they are named on the live line.
    """

    def __init__(self, doing: str, expected: Iterable[str] = ()) -> None:
        self._doing = doing
        self._expected = list(expected)
        self._live: Progress | None = None
        self._task: TaskID | None = None

    @contextmanager
    def live(self) -> Iterator[None]:
        """Show what is waited for while the block runs, where a person is looking."""
        terminal = current_terminal()
        if not terminal.live:
            yield
            return
        from rich.console import Console
        from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

        console = Console(stderr=True, no_color=not terminal.colour_err, highlight=False)
        columns = (SpinnerColumn("dots"), TextColumn("{task.description}", markup=False), TimeElapsedColumn())
        with Progress(*columns, console=console, transient=True) as self._live:
            self._task = self._live.add_task(self._waiting())
            try:
                yield
            finally:
                self._live, self._task = None, None

    def show(self, message: Mapping[str, Any]) -> None:
        """Print the message's line, above the live one."""
        line = line_of(message)
        if line is not None:
            self.say(line)
        if message.get("state") in {"ready", "running"} and message.get("title") in self._expected:
            self._expected.remove(message["title"])
            self._doing = "finishing"
            self._redraw()

    def now(self, doing: str) -> None:
        """Change what the live line says is being done."""
        self._doing, self._expected = doing, []
        self._redraw()

    def say(self, line: str) -> None:
        """Print a line, above the live one."""
        text = printable(line)
        if text.startswith("✓"):
            text = click.style("✓", fg="green") + text[1:]
        elif text.startswith("  note:"):
            text = click.style(text, fg="yellow")
        if self._live is None:
            say(text)
        else:
            from rich.text import Text

            self._live.console.print(Text.from_ansi(text), soft_wrap=True)

    def _redraw(self) -> None:
        if self._live is not None and self._task is not None:
            self._live.update(self._task, description=self._waiting())

    def _waiting(self) -> str:
        return f"waiting for {', '.join(self._expected)}" if self._expected else self._doing
