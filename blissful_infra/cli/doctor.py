"""`doctor`: what this machine and this project have, lack, and what mends it."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import rich_click

from blissful_infra.cli.command import command
from blissful_infra.cli.output import Output, output_option, print_data, print_table, say

if TYPE_CHECKING:
    from blissful_infra.doctor.examination import Report

STYLES = {"ok": "green", "warn": "yellow", "missing": "red"}


@command()
@rich_click.option(
    "--fix", is_flag=True, help="Mend what is safe to mend: stale locks, loose permissions, forgotten stacks."
)
@output_option
def doctor(fix: bool, output: Output) -> None:
    """Check the tools and the machine, and say what to mend.

    A missing tool that the current project does not need is no failure. Exits 4 when one is missing that it needs.

    \b
    Examples:
      blissful-infra doctor
      blissful-infra doctor --fix
      blissful-infra doctor -o json
    """
    from blissful_infra.doctor.examination import examine

    report = examine(Path.cwd())
    mended: list[str] = []
    if fix:
        for check in report.checks:
            if check.mend is not None:
                say(f"Mending {check.title}: {check.message}")
                check.mend()
                mended.append(check.name)
        if mended:
            report = examine(Path.cwd())
        else:
            say("Nothing that is safe to mend without you.")
    if output is Output.TABLE:
        _show(report)
    else:
        print_data(_document(report, mended), output)
    if report.blocked:
        raise click.exceptions.Exit(4)


def _show(report: "Report") -> None:
    rows = [[check.title, check.status, check.message, check.required or check.needed_for] for check in report.checks]
    print_table(["CHECK", "STATUS", "FOUND", "NEEDED FOR"], rows, STYLES)
    for check in report.checks:
        if check.fix:
            need = "needed" if check.blocks else "optional" if check.status == "missing" else "advice"
            say(
                f"{need}: {check.title}: {check.fix}"
                + (f"  ({check.link})" if check.link not in {None, check.fix[4:]} else "")
            )
    if report.blocked:
        say(f"This project (runtime {report.runtime}) cannot start until what is needed is there.", style="red")


def _document(report: "Report", mended: list[str]) -> dict[str, Any]:
    names = ("name", "title", "status", "version", "message", "needed_for", "required", "fix", "link")
    return {
        "v": 1,
        "project": str(report.project_dir) if report.project_dir else None,
        "runtime": report.runtime,
        "blocked": report.blocked,
        "mended": mended,
        "checks": [{name: getattr(check, name) for name in names} for check in report.checks],
    }
