"""`blissful-infra agent templates`: the kinds of lines in logs, with how often each occurs."""

import sys
from collections.abc import Iterable

import click
import rich_click

from blissful_infra.cli.command import command
from blissful_infra.cli.output import Output, output_option, print_data, print_table


@command("templates")
@rich_click.argument(
    "files", nargs=-1, required=True, metavar="FILE...", type=click.Path(exists=True, dir_okay=False, allow_dash=True)
)
@rich_click.option("--per-line", is_flag=True, help="Print the template of each line, one a line, in their order.")
@output_option
def templates(files: tuple[str, ...], per_line: bool, output: Output) -> None:
    """Find the kinds of lines in logs: what varies is `<*>`.

    FILE is text, gzipped or not; - reads the standard input. Lines are best given as messages alone, without time and
    level.

    \b
    Examples:
      blissful-infra agent templates app.log
      blissful-infra agent templates --per-line messages.txt > templates.txt
      zcat old.log.gz | blissful-infra agent templates - -o json
    """
    from agent.collectors.text_lines import TextLines
    from agent.normalize.templates import mine

    lines = TextLines(files, sys.stdin.buffer)
    mined = mine(lines)
    texts = [template.text for template in mined.templates]
    if output is Output.TABLE and per_line:
        _print_lines(texts[index] for index in mined.assignment)
    elif output is Output.TABLE:
        frequent = sorted(mined.templates, key=lambda template: -template.count)
        print_table(["COUNT", "TEMPLATE"], ([str(template.count), template.text] for template in frequent))
    else:
        found = [
            {
                "id": template.id,
                "template": _printable(template.text),
                "count": template.count,
                "first": lines.place(template.first_index),
                "last": lines.place(template.last_index),
            }
            for template in mined.templates
        ]
        by_line = {"by_line": list(mined.assignment)} if per_line else {}
        print_data({"v": 1, "lines": lines.count, "templates": found, **by_line}, output)


def _print_lines(texts: Iterable[str]) -> None:
    """As bytes, so that what was no text comes out as it came in."""
    out = sys.stdout.buffer
    sys.stdout.flush()
    out.writelines(text.encode("utf-8", "surrogateescape") + b"\n" for text in texts)
    out.flush()


def _printable(text: str) -> str:
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
