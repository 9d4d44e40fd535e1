"""`blissful-infra agent eval`: how good the engine is on labelled cases."""

from pathlib import Path

import click
import rich_click

from blissful_infra.cli.command import command
from blissful_infra.cli.output import Output, output_option, print_data, print_table, say


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
    from blissful_infra.cli.agent_eval_text import rows_of

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
        print_table(["MEASURE", *(report.name for report in reports)], rows_of(reports))
    else:
        print_data({"v": 1, "sets": reports, "cases": [one.judgement for one in scored]}, output)
