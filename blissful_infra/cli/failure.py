"""How a failure is shown, and where the traceback of an unexpected one is kept."""

import os
import re
import sys
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import click

from agent.errors import BlissfulError
from blissful_infra import paths


def lines_of(error: BlissfulError) -> Iterator[str]:
    """`error[code]: what`, why, the last lines of a failed service, and the hint; styled, for stderr."""
    yield f"{click.style(f'error[{error.code}]:', fg='red', bold=True)} {printable(error.message)}"
    for name, fact in error.context.items():
        label = "" if name.isdigit() else f"{name}: "
        yield from (f"  {label if not number else ''}{line}" for number, line in enumerate(_split(fact)))
    if tail := getattr(error, "log_tail", ()):
        from blissful_infra.cli.log_tail_text import lines_of_tail

        yield from (f"  | {printable(line)}" for told in lines_of_tail(tail) for line in told.splitlines())
    yield from (f"  {printable(line)}" for line in getattr(error, "explanation", ()))
    if error.hint:
        yield f"  {click.style('hint:', fg='cyan')} {printable(error.hint)}"


def usage_lines_of(error: click.ClickException) -> Iterator[str]:
    """The same shape for what click itself refuses."""
    code = "wrong-usage" if error.exit_code == 2 else "failed"
    yield f"{click.style(f'error[{code}]:', fg='red', bold=True)} {printable(error.format_message())}"
    context = error.ctx if isinstance(error, click.UsageError) else None
    if context:
        yield f"  {click.style('hint:', fg='cyan')} {context.command_path} --help"


def keep_traceback(error: BaseException, arguments: list[str], start: Path) -> Path | None:
    """Write the traceback below `.blissful/` of the project around `start`, else in the machine's state folder.

    Returns None when neither can be written.
    """
    now = datetime.now(UTC)
    name = f"{now:%Y%m%dT%H%M%S}Z-{os.getpid()}.txt"
    text = "".join(
        [
            f"{now.isoformat(timespec='seconds')} python {sys.version.split()[0]} {sys.platform}\n",
            f"blissful-infra {' '.join(arguments[:1])}\n",
            *traceback.format_exception(error),
        ]
    )
    for folder in _folders(start):
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with os.fdopen(os.open(folder / name, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as stream:
                stream.write(text)
        except OSError:
            continue
        return folder / name
    return None


def printable(text: str) -> str:
    """Text without control characters, which could redraw the terminal it is printed on."""
    return re.sub(r"[\x00-\x08\x0b-\x1f\x7f\x80-\x9f]", "�", text)


def _folders(start: Path) -> Iterator[Path]:
    here = start.absolute()
    for folder in (here, *here.parents):
        if (folder / paths.PROJECT_FILE).is_file():
            yield paths.state_dir(folder) / "crashes"
            break
    yield paths.machine_state_dir() / "crashes"


def _split(fact: str) -> list[str]:
    return [printable(line) for line in fact.splitlines()] or [""]
