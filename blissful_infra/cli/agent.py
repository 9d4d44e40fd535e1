"""`blissful agent`: questions answered from the evidence; its subcommands measure the engine and sort log lines."""

from pathlib import Path

import click
import rich_click

from blissful_infra.cli.agent_eval import evaluate
from blissful_infra.cli.agent_templates import templates
from blissful_infra.cli.command import group
from blissful_infra.cli.model_options import ModelWish, model_options
from blissful_infra.cli.output import Output, output_option


@group(invoke_without_command=True)
@rich_click.option("-q", "--query", metavar="QUESTION", help="Answer one question and end; without it, a conversation.")
@model_options
@output_option
@click.pass_context
def agent(ctx: click.Context, query: str | None, wish: ModelWish, output: Output) -> None:
    """Ask what happened, answered from the evidence.

    Answers rest on logs, runs, commits and the state of the stack, and quote them.

    It needs no model. Where an Ollama answers on this machine, one words the answer too; its text is marked, and a
    sentence that cites no event is dropped. It can change nothing.

    \b
    Examples:
      blissful-infra agent --query "show me recent logs"
      blissful-infra agent --query "what is the root cause?"
      blissful-infra agent --query "why is app not ready?" -o json
      blissful-infra agent
    """
    if ctx.invoked_subcommand is not None:
        return
    from blissful_infra.cli.agent_asking import Colleague
    from blissful_infra.cli.narrator import Narrator
    from blissful_infra.errors import UsageError
    from blissful_infra.evidence.secrets import secrets_of
    from blissful_infra.settings.reading import find_project
    from blissful_infra.stacks.planning import read_project

    project = read_project(find_project(Path.cwd()))
    narrator = Narrator(wish, project.settings.config.agent.model, secrets_of(project))
    colleague = Colleague(project, narrator)
    if query is not None:
        if not query.strip():
            raise UsageError("the question is empty", hint='for example --query "what failed?"')
        colleague.ask(query, output)
        return
    from blissful_infra.cli.agent_conversation import converse

    converse(colleague, output)


agent.add_command(evaluate)
agent.add_command(templates)
