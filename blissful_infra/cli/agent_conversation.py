"""The conversation: with history and completion on a terminal, one question a line over a pipe."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from agent.answers.asking import EXAMPLES
from agent.domain import SourceSeen
from agent.errors import BlissfulError
from agent.normalize.neutral import neutral
from blissful_infra.cli.agent_asking import Colleague
from blissful_infra.cli.failure import lines_of
from blissful_infra.cli.output import Output, say

HELP = {
    "/help": "what can be asked",
    "/sources": "what can be seen, and what cannot",
    "/model": "which model words the answers; /model NAME prefers another",
    "/quit": "leave (Ctrl-D does too)",
}


def converse(colleague: Colleague, output: Output) -> None:
    """Answer until the end of the input or `/quit`. Ctrl-C cancels the answer under way, not the conversation."""
    if sys.stdin.isatty():
        say(f"Ask about {colleague.project.settings.config.name}; /help tells what can be asked, Ctrl-D leaves.")
    for line in _questions(colleague):
        if line.removeprefix("/") in {"quit", "exit"}:
            return
        try:
            _respond(colleague, line, output)
        except BlissfulError as error:
            for told in lines_of(error):
                click.echo(told, err=True)
        except KeyboardInterrupt as interrupt:
            if type(interrupt) is not KeyboardInterrupt or not sys.stdin.isatty():
                raise
            say("Cancelled.")


def _respond(colleague: Colleague, line: str, output: Output) -> None:
    word, _, rest = line.partition(" ")
    if word == "/help":
        service = (colleague.services or ("app",))[-1]
        for example in EXAMPLES:
            click.echo(f"  {example.format(service=service)}")
        for name, purpose in HELP.items():
            click.echo(f"  {name:<9} {purpose}")
    elif word == "/sources":
        for source in map(SourceSeen.of, colleague.look()):
            click.echo(neutral(f"  {source.source:<13} {source.status:<12} {source.records:>6}  {source.detail}"))
    elif word == "/model":
        click.echo((colleague.narrator.use_model(rest.strip()) if rest.strip() else colleague.narrator.model).line)
    elif word.startswith("/"):
        say(f"There is no {neutral(word)}; there are {', '.join(HELP)}.")
    else:
        colleague.ask(line, output)


def _questions(colleague: Colleague) -> Iterator[str]:
    lines = _typed(colleague) if sys.stdin.isatty() else iter(sys.stdin)
    return (line.strip() for line in lines if line.strip())


def _typed(colleague: Colleague) -> Iterator[str]:
    from prompt_toolkit import PromptSession
    from prompt_toolkit.completion import WordCompleter, merge_completers
    from prompt_toolkit.history import FileHistory, InMemoryHistory

    service = (colleague.services or ("app",))[-1]
    sentences = [*(example.format(service=service) for example in EXAMPLES), *HELP]
    path = _history_file(colleague.project.state_dir)
    session: PromptSession[str] = PromptSession(
        history=FileHistory(str(path)) if path else InMemoryHistory(),
        completer=merge_completers(
            [WordCompleter(sentences, ignore_case=True, sentence=True), WordCompleter(list(colleague.services))]
        ),
        complete_while_typing=False,
    )
    while True:
        try:
            yield session.prompt("> ")
        except KeyboardInterrupt:
            continue  # an unfinished line is thrown away
        except EOFError:
            return


def _history_file(state_dir: Path) -> Path | None:
    """The history, readable by its owner only; None where it cannot be kept."""
    path = state_dir / "agent-history"
    try:
        state_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600))
        path.chmod(0o600)
    except OSError:
        return None
    return path
