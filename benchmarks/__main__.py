"""`python -m benchmarks [NAME...]`: print the table, and the same as JSON on request or into benchmarks/results."""

import argparse
import dataclasses
import importlib
import json
import sys
from collections.abc import Iterable
from pathlib import Path

from benchmarks.rows import Row

NAMES = (
    "help_start",
    "create",
    "logs",
    "status",
    "up_docker",
    "create_to_curl",
    "log_templates",
    "analyze",
    "recall",
    "deploy_direct",
    "deploy_gitops",
    "status_environments",
    "preview",
)
RESULTS = Path(__file__).parent / "results"


def text_of(value: float | None, unit: str) -> str:
    return "" if value is None else f"{value:.3g} {unit}".strip()


def reach_of(row: Row) -> str:
    parts = [f"≤ {row.reach:g}"] if row.reach is not None else []
    parts += [f"≤ {row.reach_seconds:g} s"] if row.reach_seconds is not None else []
    return ", ".join(parts) or "report"


def print_table(rows: Iterable[Row]) -> None:
    head = ("what", "ours", "against", "its time", "ratio", "reach", "verdict")
    body = [
        (
            row.what,
            text_of(row.seconds, "s"),
            row.peer,
            text_of(row.peer_seconds, "s"),
            text_of(row.ratio, ""),
            reach_of(row),
            row.verdict,
        )
        for row in rows
    ]
    widths = [max(len(line[column]) for line in [head, *body]) for column in range(len(head))]
    for line in [head, tuple("-" * width for width in widths), *body]:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(NAMES)}; all, when none is given")
    parser.add_argument("--json", action="store_true", help="print JSON instead of the table")
    arguments = parser.parse_args()
    if unknown := [name for name in arguments.names if name not in NAMES]:
        parser.error(f"unknown benchmark {', '.join(unknown)}; there are {', '.join(NAMES)}")
    rows: list[Row] = []
    for name in arguments.names or NAMES:
        print(f"measuring {name} ...", file=sys.stderr, flush=True)
        measured = importlib.import_module(f"benchmarks.{name}").measure()
        rows += measured if isinstance(measured, list) else [measured]
    shape = [{**dataclasses.asdict(row), "verdict": row.verdict} for row in rows]
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "latest.json").write_text(json.dumps(shape, indent=2) + "\n")
    if arguments.json:
        print(json.dumps(shape, indent=2))
        return
    print_table(rows)
    for row in rows:
        if row.note:
            print(f"{row.what}: {row.note}")


if __name__ == "__main__":
    main()
