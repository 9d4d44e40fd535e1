"""The gates before a promotion, shown: a mark and the value seen for each."""

import dataclasses
from typing import Any

import click

from blissful_infra.cli.output import Output, print_data, say
from blissful_infra.delivery.promoting import gates_before, refuse_closed
from blissful_infra.settings.reading import Settings

WIDE = 10


def judge(
    settings: Settings, source: str, target: str, *, force: bool, dry_run: bool, output: Output
) -> tuple[list[dict[str, Any]], list[str]]:
    """The gates as data, and the names of those that are forced. Raises GateClosedError where one stays closed."""
    gates = gates_before(settings, source, target)
    for gate in gates:
        mark = click.style("✓", fg="green") if gate.open else click.style("✗", fg="red")
        say(f"{mark} {gate.name:<{WIDE}}{gate.seen}")
    shown = [dataclasses.asdict(gate) for gate in gates]
    closed = [gate.name for gate in gates if not gate.open]
    if closed and not force:
        if output is not Output.TABLE:
            document = {"v": 1, "run_id": None, "dry_run": dry_run, "release": None, "changes": [], "gates": shown}
            print_data(document, output)
        refuse_closed(gates, target)
    if closed:
        say(f"Going through all the same: {', '.join(closed)}.", style="yellow")
    return shown, closed
