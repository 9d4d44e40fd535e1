"""`blissful-infra agent eval`: how good the engine is on labelled cases."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click
import rich_click

from blissful_infra.cli.command import command
from blissful_infra.cli.output import Output, output_option, print_data, print_table, say

if TYPE_CHECKING:
    from agent.evaluation.report import SetReport


@command("eval")
@rich_click.argument("folders", nargs=-1, required=True, metavar="DIR...", type=click.Path(path_type=Path))
@rich_click.option(
    "--map",
    "map_file",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="YAML that maps our categories to each set's labels.",
)
@rich_click.option(
    "--answers", metavar="DIR", type=click.Path(path_type=Path), help="Write one answer file a case into this folder."
)
@output_option
def evaluate(folders: tuple[Path, ...], map_file: Path | None, answers: Path | None, output: Output) -> None:
    """Score the engine on labelled cases.

    DIR holds cases: bundle folders with NAME.expected.yaml beside them, or folders of such.

    \b
    Examples:
      blissful-infra agent eval tests/cases
      blissful-infra agent eval cases/ --map map.yaml --answers answers/ -o json
    """
    import orjson

    from agent.evaluation.mapping import read_map
    from agent.evaluation.report import reports_of
    from agent.evaluation.running import cases_in, run_cases

    categories = read_map(map_file) if map_file else {}
    cases = tuple(case for folder in folders for case in cases_in(folder))
    scored = []
    for one in run_cases(cases, categories, lambda case: say(f"{case.expected.case_set} {case.name}")):
        scored.append(one)
        if answers is not None:
            folder = answers / one.judgement.case_set
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"{one.judgement.case}.json").write_bytes(orjson.dumps(one.answer, option=orjson.OPT_INDENT_2))
    reports = reports_of(scored)
    if output is Output.TABLE:
        print_table(["MEASURE", *(report.name for report in reports)], _rows(reports))
    else:
        print_data({"v": 1, "sets": reports, "cases": [one.judgement for one in scored]}, output)


def _rows(reports: "tuple[SetReport, ...]") -> list[list[str]]:
    measures: dict[str, Callable[[SetReport], str]] = {
        "cases": lambda one: str(one.cases),
        "right": lambda one: _share(one.right),
        "culprit AC@1": lambda one: _share(one.culprit_at_1),
        "culprit AC@3": lambda one: _share(one.culprit_at_3),
        "category": lambda one: _share(one.category),
        "metric": lambda one: _share(one.metric),
        "commit": lambda one: _share(one.commit),
        "decoy hits": lambda one: str(one.decoy_hits),
        "must_mention": lambda one: _share(one.mention),
        "mention share": lambda one: _share(one.mention_share),
        "LogDx score": lambda one: _share(one.logdx),
        "abstentions": lambda one: str(one.abstentions),
        "AUROC": lambda one: _share(one.auroc),
        "Brier skill": lambda one: _share(one.brier_skill),
        "ECE": lambda one: _share(one.calibration_error),
        "ECE band of a perfect one": lambda one: _band(one.calibration_band),
        "claims backed": lambda one: _share(one.claims_backed),
        "quotes show the cause": lambda one: _share(one.claims_fitting),
        "random quotes would": lambda one: _share(one.random_fitting),
        "seconds a case, mean": lambda one: f"{one.seconds_mean:.2f}",
        "seconds a case, most": lambda one: f"{one.seconds_max:.2f}",
        "peak MiB": lambda one: f"{one.peak_mib_max:.0f}",
    }
    return [[name, *(measure(report) for report in reports)] for name, measure in measures.items()]


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _band(band: tuple[float, float] | None) -> str:
    return "-" if band is None else f"{band[0]:.3f}-{band[1]:.3f}"
