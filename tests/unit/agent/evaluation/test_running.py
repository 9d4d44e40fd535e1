"""Labelled cases run through the engine, the control of the quotes, and the table over all."""

import json
from pathlib import Path

import pytest

from agent.evaluation.controlling import fits, quotes_of, random_quotes
from agent.evaluation.errors import EvaluationError
from agent.evaluation.mapping import read_map
from agent.evaluation.report import reports_of
from agent.evaluation.running import cases_in, run_cases, texts_of
from tests.unit.agent.rca.bundles import ONSET_ROW, a_bundle, a_table, at

FINDING = {
    "subject": "stock",
    "cause": "stock ran out of ports: EADDRNOTAVAIL",
    "evidence": [{"quote": "EADDRNOTAVAIL 1"}],
}


def a_case(folder: Path, name: str, culprit: str) -> None:
    header = f"window: {{onset: '{at(ONSET_ROW)}'}}\n"
    a_bundle(folder / name, header, {"metrics/stock.csv": a_table(cpu=(0.2, 3.0))})
    (folder / f"{name}.expected.yaml").write_text(f"set: {folder.name}\nculprits: [{culprit}]\n")


def test_cases_are_found_in_a_set_and_in_a_folder_of_sets(tmp_path: Path) -> None:
    for name in ("b", "a"):
        a_case(tmp_path / "one", name, "stock")
    assert [case.name for case in cases_in(tmp_path / "one")] == ["a", "b"]
    assert [case.name for case in cases_in(tmp_path)] == ["a", "b"]


def test_each_set_has_a_row_and_all_have_one(tmp_path: Path) -> None:
    a_case(tmp_path / "one", "right", "stock")
    a_case(tmp_path / "two", "wrong", "cart")
    reports = reports_of(list(run_cases(cases_in(tmp_path), {}, lambda case: None)))
    assert [(report.name, report.culprit_at_1) for report in reports] == [("one", 1.0), ("two", 0.0), ("all", 0.5)]
    assert all(report.claims_backed == 1.0 and report.peak_mib_max > 0 for report in reports)


@pytest.mark.parametrize("text", ["- a list", "culprits: [x]", "a: [", "set: {"])
def test_a_torn_label_is_an_error_that_names_the_file(tmp_path: Path, text: str) -> None:
    a_case(tmp_path, "a", "stock")
    (tmp_path / "a.expected.yaml").write_text(text)
    with pytest.raises(EvaluationError, match=r"a\.expected\.yaml"):
        cases_in(tmp_path)


def test_a_map_must_map_sets_to_categories(tmp_path: Path) -> None:
    (tmp_path / "map.yaml").write_text("one: {cpu-saturation: cpu}\n")
    assert read_map(tmp_path / "map.yaml") == {"one": {"cpu-saturation": "cpu"}}
    (tmp_path / "map.yaml").write_text("one: two\n")
    with pytest.raises(EvaluationError):
        read_map(tmp_path / "map.yaml")


def test_a_quote_fits_when_it_stands_there_and_shows_the_cause() -> None:
    texts = ["connect: EADDRNOTAVAIL 1", "all is well in here"]
    assert fits(FINDING, quotes_of(FINDING), texts)
    assert not fits(FINDING, ["all is well in here"], texts)
    assert not fits(FINDING, ["EADDRNOTAVAIL 2"], texts)


def test_the_control_takes_pieces_of_the_bundle_as_long_as_the_quotes_and_the_same_each_time(tmp_path: Path) -> None:
    texts = texts_of(a_bundle(tmp_path, "", {"logs/a.log": "x" * 50, "logs/b.log.gz": "no gzip"}))
    answer = json.loads(json.dumps({"findings": [FINDING]}))
    (first,), (second,) = (list(random_quotes(answer, texts, "seed")) for _ in range(2))
    assert first == second
    assert first[1] == ["x" * len("EADDRNOTAVAIL 1")]
