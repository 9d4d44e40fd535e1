"""`completion`: the script that teaches a shell this program's commands and options."""

import click
import rich_click
from click.shell_completion import get_completion_class

from blissful_infra.cli.command import command

PROGRAMS = ("blissful-infra", "blissful")


@command()
@rich_click.argument("shell", metavar="SHELL", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Print the completion script of a shell.

    SHELL is bash, zsh or fish; the script is for both names of the program.

    \b
    Examples:
      blissful-infra completion bash > ~/.local/share/bash-completion/completions/blissful-infra
      eval "$(blissful-infra completion zsh)"
      blissful-infra completion fish > ~/.config/fish/completions/blissful-infra.fish
    """
    completer = get_completion_class(shell)
    if completer is None:  # pragma: no cover - click knows all three
        raise click.UsageError(f"no completion for {shell}")
    for program in PROGRAMS:
        variable = f"_{program.replace('-', '_').upper()}_COMPLETE"
        click.echo(completer(ctx.find_root().command, {}, program, variable).source())
