"""How claims of several lines become one ranking, and which claims never enter it."""

import dataclasses
from pathlib import Path

import pytest

from agent.collectors.bundle import read_bundle
from agent.diagnosing import diagnosis_of, shipped_calibration
from agent.domain.claim import HEALTHY, NO_COMMIT, Claim, Quote
from agent.domain.investigation import Document, Investigation
from agent.rca.confidence import FEATURES, Calibration, confidence_of, features_of
from agent.rca.quoting import backed
from agent.rca.rank import ranked
from agent.rca.report import weighed
from tests.unit.agent.rca.bundles import ONSET_ROW, a_bundle, a_table, at

NOTE = Document("notes/a.txt", "pool  of stock-db is \x1b[31mexhausted\x1b[0m: 20 of 20 in use\n")
ASKED = Investigation(title="t", alert="a", notes=(NOTE,))


def a_claim(
    subject: str = "stock-db", *, line: str = "metrics", strength: float = 0.5, quote: str = "", **more: str
) -> Claim:
    return Claim(
        line=line, rule="r", category="c", subject=subject, cause=more.get("cause", f"{subject} is out of connections"),
        strength=strength, evidence=(Quote(more.get("path", NOTE.path), quote or "pool of stock-db is exhausted"),),
    )  # fmt: skip


def test_a_line_that_tells_why_goes_before_one_that_tells_where() -> None:
    claims = [a_claim("cart"), a_claim("stock-db", line="signatures")]
    causes = ranked(claims, ASKED, shipped_calibration())
    assert [cause.claim.subject for cause in causes] == ["stock-db", "cart"]


def test_lines_that_agree_on_a_subject_support_each_other() -> None:
    claims = [a_claim("cart", strength=0.6), a_claim("stock-db"), a_claim("stock-db", line="traces")]
    causes = ranked(claims, ASKED, shipped_calibration())
    assert causes[0].claim.subject == "stock-db"
    assert causes[0].lines == ("metrics", "traces")
    assert causes[0].features["agreeing"] == 0.5


def test_that_all_is_well_supports_no_fault_and_speaks_against_it() -> None:
    well = dataclasses.replace(a_claim(line="health", strength=0.4, cause="stock-db is well"), category=HEALTHY)
    fault = a_claim(line="signatures", strength=0.9)
    claims = (fault, well)
    top, _ = weighed(ranked(claims, ASKED, shipped_calibration()), claims, ASKED)
    assert (top.claim, top.lines, top.features["agreeing"]) == (fault, ("signatures",), 0)
    assert (top.supports, [each.text for each in top.against]) == ((), ["stock-db is well"])


def test_the_order_of_the_claims_changes_nothing() -> None:
    claims = [a_claim(name, strength=0.4) for name in ("a", "b", "c", "d")]
    assert ranked(claims, ASKED, shipped_calibration()) == ranked(claims[::-1], ASKED, shipped_calibration())


def test_confidence_never_rises_down_the_ranking_nor_adds_up_to_more_than_one_with_the_first() -> None:
    claims = [a_claim(name, strength=strength) for name, strength in (("a", 0.9), ("b", 0.85), ("c", 0.1))]
    confidences = [cause.confidence for cause in ranked(claims, ASKED, shipped_calibration())]
    assert confidences == sorted(confidences, reverse=True)
    assert confidences[0] + confidences[1] <= 1.0


def test_a_stronger_and_clearer_claim_is_surer() -> None:
    calibration = Calibration(0.0, {"strength": 1.0, "margin": 1.0, "agreeing": 1.0})
    weak = confidence_of(features_of(0.2, 0.2, 0.19, agreeing=0, telling=True, own=True), calibration)
    strong = confidence_of(features_of(0.9, 0.9, 0.1, agreeing=1, telling=True, own=True), calibration)
    assert weak < strong < 1


def test_no_feature_of_the_shipped_fit_makes_less_sure() -> None:
    assert min(shipped_calibration().weights.values()) >= 0
    assert set(shipped_calibration().weights) == set(FEATURES)


def test_evidence_of_the_component_itself_and_an_encoded_name_count_as_its_own() -> None:
    note = Document("logs/stock-db%3A%3ACluster.log", NOTE.text)
    evidence = Investigation(title="t", alert="a", notes=(NOTE, note))
    found = ranked(
        [a_claim("stock-db::Cluster", path=note.path), a_claim("cart", strength=0.1)], evidence, shipped_calibration()
    )
    assert [cause.features["own"] for cause in found] == [1.0, 0.0]


def test_that_others_suspect_a_component_says_nothing_of_its_changes() -> None:
    blameless = dataclasses.replace(a_claim(line="changes", strength=0.2), commit=NO_COMMIT)
    [first, *_] = ranked(
        [blameless, a_claim(line="traces"), a_claim(line="logs")],
        dataclasses.replace(ASKED, asks=("commit",)),
        shipped_calibration(),
    )
    assert (first.claim.line, first.features["agreeing"]) == ("changes", 0.0)


@pytest.mark.parametrize(
    "claim",
    [
        a_claim(quote="pool of stock-db is fine"),
        a_claim(path="notes/b.txt"),
        a_claim(quote="pool"),
        a_claim("cart", quote="20 of 20 in use", cause="the cart is slow"),
    ],
    ids=["not there", "another file", "too short", "shows nothing of the cause"],
)
def test_a_claim_whose_quotes_do_not_show_it_is_dropped(claim: Claim) -> None:
    assert backed([claim], ASKED) == ()


def test_a_quote_may_differ_in_white_space_and_colours() -> None:
    assert len(backed([a_claim()], ASKED)) == 1


def test_a_diagnosis_is_the_same_twice_and_says_what_was_seen(tmp_path: Path) -> None:
    header = f"window: {{onset: '{at(ONSET_ROW)}'}}\n"
    folder = a_bundle(tmp_path, header, {"metrics/a.csv": a_table(cpu=(0.2, 3.0)), "metrics/b.csv": a_table(x=(1, 9))})
    first, second = (diagnosis_of(read_bundle(folder), shipped_calibration()) for _ in range(2))
    assert first == second
    assert {part.name: part.records for part in first.sources if part.records} == {"metrics": 2}
    assert first.gaps == ()


def test_a_finding_that_leaves_open_what_was_asked_is_not_sure() -> None:
    asked = Investigation(title="t", alert="a", asks=("commit",), notes=(NOTE,))
    assert ranked([a_claim(strength=1.0)], asked, shipped_calibration())[0].confidence <= 0.1


def test_rivals_are_other_components_not_another_sight_of_the_same() -> None:
    alone = ranked([a_claim(), a_claim(line="traces")], ASKED, shipped_calibration())[0].features["margin"]
    beside = ranked([a_claim(), a_claim("cart", line="traces")], ASKED, shipped_calibration())[0].features["margin"]
    assert beside < alone


def test_where_a_commit_is_asked_for_a_judgement_on_commits_goes_first() -> None:
    asked = Investigation(title="t", alert="a", asks=("commit",), notes=(NOTE,))
    none = dataclasses.replace(a_claim("cart", line="changes", strength=0.1), commit="none")
    assert ranked([a_claim(strength=1.0), none], asked, shipped_calibration())[0].claim.commit == "none"


def test_measurements_outweigh_a_witness_in_anothers_log() -> None:
    symptom = dataclasses.replace(a_claim("cart", line="signatures", strength=0.65), category="dependency-timeout")
    causes = ranked([symptom, a_claim("stock-db", strength=0.9)], ASKED, shipped_calibration())
    assert causes[0].claim.subject == "stock-db"
