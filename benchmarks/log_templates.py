"""Template mining against drain3 with its defaults: the same lines in the same run.

    python benchmarks/log_templates.py          a corpus made here (benchmarks/log_corpus.py)
    python benchmarks/log_templates.py DIR      DIR/<system>/*_structured_corrected.csv, as Loghub-2k has it
    python benchmarks/log_templates.py --json

Both get one configuration for all systems. Accuracy is measured on each system's lines as they stand. Speed is measured
on all systems' lines, repeated ("repeated") and with digits and a request id changed in every copy ("varied"): real
logs lie between; and on each system's lines alone with nothing known before ("in windows"). Processor time is taken,
not wall time, so that a busy machine disturbs less.
"""

import argparse
import csv
import dataclasses
import json
import logging
import random
import re
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from drain3 import TemplateMiner
from drain3.template_miner_config import TemplateMinerConfig

from agent.evaluation.grouping import GroupingScore, grouping_score
from agent.normalize.templates import mine
from benchmarks.log_corpus import SYSTEMS, corpus
from benchmarks.rows import Row, alternating

SYSTEM_LINES = 2_000
COPIES = 40
RUNS = 3
MEASURES = ("grouping_accuracy", "grouping_f1", "parsing_accuracy", "template_f1")

_DIGIT = re.compile(r"\d")
Miner = Callable[[Sequence[str]], tuple[list[str], Sequence[int]]]
Labelled = dict[str, tuple[list[str], list[str]]]


def measure() -> list[Row]:
    logging.disable(logging.INFO)
    lines = [line for system in SYSTEMS for line, _ in corpus(system, SYSTEM_LINES)]
    rows = []
    for name, some in (("repeated", lines * COPIES), ("varied", varied(lines))):
        ours, peer, ratio, count = speed(some)
        rows.append(Row(f"template mining, {count:,} lines {name}", ours, "drain3", peer, ratio, reach=round(1 / 3, 2)))
    ours, peer, ratio, count = speed(*windows_of(made_here()))
    what = f"template mining, {count:,} lines in windows of {SYSTEM_LINES:,}"
    return [*rows, Row(what, ours, "drain3", peer, ratio, reach=round(1 / 3, 2))]


def windows_of(labelled: Labelled) -> list[list[str]]:
    return [lines for lines, _ in labelled.values()]


def made_here() -> Labelled:
    pairs = {system: list(corpus(system, SYSTEM_LINES)) for system in SYSTEMS}
    return {system: ([line for line, _ in some], [template for _, template in some]) for system, some in pairs.items()}


def read(folder: Path) -> Labelled:
    found: Labelled = {}
    for path in sorted(folder.glob("*/*_structured_corrected.csv")):
        with path.open(newline="") as file:
            rows = list(csv.DictReader(file))
        found[path.parent.name] = [row["Content"] for row in rows], [row["EventTemplate"] for row in rows]
    return found


def ours_of(lines: Sequence[str]) -> tuple[list[str], Sequence[int]]:
    mined = mine(lines)
    return [mined.templates[index].text for index in mined.assignment], mined.assignment


def drains_of(lines: Sequence[str]) -> tuple[list[str], Sequence[int]]:
    miner = TemplateMiner(config=TemplateMinerConfig())
    groups = [miner.add_log_message(line)["cluster_id"] for line in lines]
    texts = {cluster.cluster_id: cluster.get_template() for cluster in miner.drain.clusters}
    return [texts[group] for group in groups], groups


def varied(lines: Sequence[str]) -> list[str]:
    """COPIES of the lines, each line with other digits, every second one with a request id."""
    dice = random.Random(1)
    return [
        _DIGIT.sub(lambda _: dice.choice("0123456789"), line)
        if copy % 2
        else f"{line} request={dice.getrandbits(64):016x}"
        for copy in range(COPIES)
        for line in lines
    ]


def speed(*windows: Sequence[str]) -> tuple[float, float, float, int]:
    """Processor seconds of ours, of drain3, the median of their ratios, and the number of lines.

    Each window is mined on its own.
    """

    def seconds_of(act: Callable[[Sequence[str]], object]) -> float:
        began = time.process_time()
        for lines in windows:
            act(lines)
        return time.process_time() - began

    measured = alternating(lambda: seconds_of(ours_of), lambda: seconds_of(drains_of), runs=RUNS, warm_up=0)
    return *measured, sum(map(len, windows))


def score(
    act: Callable[[Sequence[str]], tuple[list[str], Sequence[int]]], labelled: Labelled
) -> dict[str, GroupingScore]:
    scores: dict[str, GroupingScore] = {}
    for system, (lines, true) in labelled.items():
        predicted, groups = act(lines)
        scores[system] = grouping_score(predicted, true, groups)
    return scores


def table(ours: dict[str, GroupingScore], peer: dict[str, GroupingScore]) -> Iterator[str]:
    yield f"{'system':12} {'GA':>6} {'FGA':>6} {'PA':>6} {'FTA':>6}   drain3: {'GA':>6} {'FGA':>6} {'PA':>6} {'FTA':>6}"
    for system in ours:
        cells = [[getattr(which[system], measure) for measure in MEASURES] for which in (ours, peer)]
        yield f"{system:12} {_cells(cells[0])}           {_cells(cells[1])}"
    means = [[_mean(which, measure) for measure in MEASURES] for which in (ours, peer)]
    yield f"{'mean':12} {_cells(means[0])}           {_cells(means[1])}"


def _cells(values: Sequence[float]) -> str:
    return " ".join(f"{value:6.3f}" for value in values)


def _mean(scores: dict[str, GroupingScore], name: str) -> float:
    return statistics.mean(float(getattr(scored, name)) for scored in scores.values())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, metavar="DIR")
    parser.add_argument("--json", action="store_true", help="print JSON instead of the table")
    arguments = parser.parse_args()
    logging.disable(logging.INFO)
    labelled = read(arguments.folder) if arguments.folder else made_here()
    if not labelled:
        parser.error(f"no */*_structured_corrected.csv in {arguments.folder}")

    ours, peer = score(ours_of, labelled), score(drains_of, labelled)
    lines = [line for some, _ in labelled.values() for line in some]
    speeds = {
        "repeated": speed(lines * COPIES),
        "varied": speed(varied(lines)),
        "in windows": speed(*windows_of(labelled)),
    }
    if arguments.json:
        accuracy = {
            name: {system: dataclasses.asdict(scored) for system, scored in scores.items()}
            for name, scores in (("ours", ours), ("drain3", peer))
        }
        paces = {
            name: {"lines": count, "ours_per_s": count / a, "drain3_per_s": count / b, "times": 1 / ratio}
            for name, (a, b, ratio, count) in speeds.items()
        }
        print(json.dumps({"accuracy": accuracy, "speed": paces}, indent=2))
        return
    for line in table(ours, peer):
        print(line)
    for name, (a, b, ratio, count) in speeds.items():
        print(
            f"{name}: {count:,} lines, {count / a:,.0f} lines/s, drain3 {count / b:,.0f}, {1 / ratio:.1f} times as fast"
        )


if __name__ == "__main__":
    main()
