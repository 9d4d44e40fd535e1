"""Writes the cases: two sets, one of metrics alone and one of metrics, logs and traces."""

import argparse
import json
import random
from datetime import UTC, datetime
from pathlib import Path

import yaml

from benchmarks.synthetic.faults import CODE, KINDS, NETWORK, RESOURCE, a_fault
from benchmarks.synthetic.logging import log_of
from benchmarks.synthetic.telemetry import METRIC_OF_FAULT, Telemetry
from benchmarks.synthetic.world import a_world

START = 1_767_268_800


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--cases", type=int, default=40)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    for number in range(given.cases):
        write_case(given.folder, "made-metrics", number, given.seed)
        write_case(given.folder, "made-services", number, given.seed)


def write_case(folder: Path, case_set: str, number: int, seed: int) -> None:
    """One case with its label; equal arguments write equal bytes."""
    chance = random.Random(f"{case_set} {seed} {number}")
    alone = case_set == "made-metrics"
    kinds = ("cpu", "mem", *RESOURCE, *NETWORK) if alone else KINDS
    kind = kinds[number % len(kinds)]
    world = a_world(chance, chance.randrange(6, 14) if alone else chance.randrange(8, 26))
    fault = a_fault(world, kind, chance)
    style = chance.choice(("short", "plain")) if kind in {"cpu", "mem"} else "plain"
    if not alone:
        style = chance.choice(("plain", "exporters"))
    rows, step = chance.randrange(200, 500), chance.choice((1, 5, 15))
    onset = int(rows * chance.uniform(0.4, 0.75))
    telemetry = Telemetry(world, fault, chance, rows, onset, style)
    case = folder / case_set / f"{case_set}-{seed}-{number:03}"
    (case / "metrics").mkdir(parents=True, exist_ok=True)
    for name in world.services:
        (case / "metrics" / f"{name}.csv").write_text(telemetry.csv(name, START, step))
    if not alone:
        (case / "logs").mkdir(exist_ok=True)
        (case / "traces").mkdir(exist_ok=True)
        for name, service in world.services.items():
            if not service.store:
                text = log_of(world, fault, name, chance, START, step, rows, onset)
                (case / "logs" / f"{name}.log").write_text(text)
        spans = telemetry.spans(START, step, 300)
        (case / "traces" / "spans.jsonl").write_text("".join(json.dumps(span) + "\n" for span in spans))
    header = _header(chance, step, rows, onset, alone)
    (case / "bundle.yaml").write_text(yaml.safe_dump(header, sort_keys=False))
    metric = telemetry.names.get(METRIC_OF_FAULT.get(kind, ""), None)
    label = {"set": case_set, "culprits": [fault.culprit], "category": kind, "category_text": kind}
    if alone and metric and kind not in CODE:
        label["metric"] = metric
    case.with_name(f"{case.name}.expected.yaml").write_text(yaml.safe_dump(label, sort_keys=False))


def _header(chance: random.Random, step: int, rows: int, onset: int, alone: bool) -> dict[str, object]:
    def at(row: int) -> str:
        return datetime.fromtimestamp(START + step * row, UTC).isoformat().replace("+00:00", "Z")

    title = chance.choice(("The shop is slow or fails", "Latency objective of the shop broken", "Users report errors"))
    header: dict[str, object] = {"version": 1, "title": title, "alert": f"{title}. Which service is the cause?"}
    if alone:
        header["asks"] = ["metric"]
    form = chance.choice(("onset", "periods", "alert", "nothing"))
    if form == "onset":
        header["window"] = {"start": at(0), "end": at(rows - 1), "onset": at(onset)}
    elif form == "periods":
        header["baseline"] = {"start": at(0), "end": at(onset - 1)}
        header["window"] = {"start": at(onset), "end": at(rows - 1)}
    elif form == "alert":
        header["alert_at"] = at(min(rows - 1, onset + 20))
    return header


if __name__ == "__main__":
    main()
