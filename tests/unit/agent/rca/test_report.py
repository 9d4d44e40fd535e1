"""What a report says beside the causes."""

from pathlib import Path

from agent.collectors.bundle import read_bundle
from agent.diagnosing import diagnose, diagnosis_of, shipped_calibration
from agent.domain.claim import Claim, Quote
from agent.domain.diagnosis import Diagnosis
from agent.domain.investigation import Document, Investigation
from agent.rca.report import contributing_in, weighed
from agent.rca.report.cluster_events import cluster_events
from agent.rca.shaping import shape_of
from tests.schemas import check_against_schema
from tests.unit.agent.rca.bundles import ONSET_ROW, a_bundle, a_table, at
from tests.unit.agent.rca.test_cluster import LAST, LOOPING, POD
from tests.unit.agent.rca.test_logs import TRACE, a_log
from tests.unit.agent.rca.test_rank import a_claim


def of_shop(folder: Path) -> Diagnosis:
    tables = {
        "metrics/pricing.csv": a_table(latency_p50=(5, 90), memory_bytes=(4e8, 4e8)),
        "metrics/shop.csv": a_table(latency_p50=(50, 140)),
        "logs/pricing.log": a_log(["ERROR request failed", *TRACE]),
        "notes/deploys.yaml": f"- {{timestamp: '{at(ONSET_ROW - 2)}', service: pricing, commit_sha: abcdef123456}}\n",
    }
    return diagnose(
        a_bundle(folder, f"window: {{onset: '{at(ONSET_ROW)}'}}\nalert_at: '{at(ONSET_ROW + 5)}'\n", tables)
    )


def test_the_timeline_tells_changes_steps_complaints_and_the_alert_in_order(tmp_path: Path) -> None:
    story = of_shop(tmp_path).timeline
    kinds = [moment.kind for moment in story]
    assert kinds[0] == "deploy.made"
    assert kinds[-1] == "alert.raised"
    assert {"metric.changed", "log.complaint"} <= set(kinds)
    assert [moment.at for moment in story] == sorted(moment.at for moment in story)
    assert any("latency_p50 of pricing rose (5 -> " in moment.text for moment in story)


def test_lines_that_agree_are_told_as_support(tmp_path: Path) -> None:
    top = of_shop(tmp_path).findings[0]
    assert top.claim.subject == "pricing"
    assert {statement.text.split(":")[0] for statement in top.supports} & {"metrics", "logs"}


def test_a_line_that_points_elsewhere_is_told_against(tmp_path: Path) -> None:
    second = next(cause for cause in of_shop(tmp_path).findings if cause.claim.subject == "shop")
    assert any("pricing" in statement.text for statement in second.against)


def test_the_document_of_a_full_report_fits_its_schema_and_is_the_same_twice(tmp_path: Path) -> None:
    first, second = shape_of(of_shop(tmp_path / "a")), shape_of(of_shop(tmp_path / "b"))
    check_against_schema("analyze.v1", first)
    assert first == second


def test_a_crash_without_its_former_log_names_the_command_that_gets_it() -> None:
    text = POD.format(state=LOOPING, last=LAST.format(reason="Error", code=1), ready="False")
    seen = Investigation(title="t", alert="", kubernetes=(Document("kubernetes/describe.txt", text),))
    (cause,) = diagnosis_of(seen, shipped_calibration()).findings
    assert any("--previous" in missing.command for missing in cause.missing)


def test_what_a_pattern_says_would_confirm_it_is_among_what_is_missing() -> None:
    claim = Claim(
        line="signatures", rule="r", category="tls", subject="web", cause="web fails with x509", strength=0.9,
        evidence=(Quote("logs/web.log", "x509: no"),), confirm=("openssl s_client",),
    )  # fmt: skip
    from agent.domain.diagnosis import RankedCause

    cause = RankedCause(claim=claim, confidence=0.9, features={}, lines=("signatures",))
    (weighed_cause,) = weighed((cause,), (claim, a_claim("cart")), Investigation(title="t", alert=""))
    assert weighed_cause.missing[0].command == "openssl s_client"


def test_no_headroom_and_a_missing_probe_contribute() -> None:
    text = POD.replace("    Limits:", "    Port:           8080/TCP\n    Limits:")
    text = text.replace("memory:  100Mi\n", "memory:  100Mi\n    Requests:\n      memory:  100Mi\n")
    text = text.format(state=LOOPING, last=LAST.format(reason="OOMKilled", code=137), ready="False")
    seen = Investigation(title="t", alert="", kubernetes=(Document("kubernetes/describe.txt", text),))
    top = diagnosis_of(seen, shipped_calibration()).findings[0]
    told = [statement.text for statement in contributing_in(seen, top)]
    assert any("no headroom" in one and "100Mi" in one for one in told)
    assert any("readiness probe" in one for one in told)


def test_a_quiet_bundle_has_neither_causes_nor_factors(tmp_path: Path) -> None:
    folder = a_bundle(tmp_path, "", {"metrics/shop.csv": a_table(latency_p95=(120, 120))})
    quiet = diagnosis_of(read_bundle(folder), shipped_calibration())
    assert (quiet.findings, quiet.contributing) == ((), ())


def test_events_of_the_cluster_stand_in_the_timeline_once_with_their_count(tmp_path: Path) -> None:
    events = (
        f"{at(41)}   Warning   BackOff   pod/web-1   (x3)   Back-off restarting failed container\n"
        f"{at(43)}   Warning   BackOff   pod/web-1   (x4)   Back-off restarting failed container\n"
        f"{at(40)}   Normal   Pulled   pod/web-1   (x1)   Container image already present\n"
        f"{at(42)}   Normal   ScalingReplicaSet   deployment/web   (x1)   Scaled up replica set web-5d98ffcfd to 2\n"
        f"{at(42)}   Warning   Unhealthy   pod/other-1   (x9)   Readiness probe failed\n"
    )
    investigation = read_bundle(a_bundle(tmp_path, "", {"kubernetes/events.txt": events}))
    story = list(cluster_events(investigation, ("web-1", "web")))
    assert [(one.at.isoformat()[11:16], one.subject, one.text.split(":")[0]) for one in story] == [
        ("12:41", "web-1", "BackOff of pod web-1"),
        ("12:42", "web", "ScalingReplicaSet of deployment web"),
    ]
    assert story[0].text.endswith("(7 times)")
    assert story[0].quote is not None
    assert story[0].quote.text in events


def test_ages_count_from_when_it_was_asked_and_say_nothing_without_that(tmp_path: Path) -> None:
    files = {"kubernetes/events.txt": "2m   Warning   BackOff   pod/web-1   Back-off restarting failed container\n"}
    known = read_bundle(a_bundle(tmp_path / "a", f"window: {{end: '{at(50)}'}}\n", files))
    assert [one.at.isoformat()[11:16] for one in cluster_events(known, ("web-1",))] == ["12:48"]
    assert not list(cluster_events(read_bundle(a_bundle(tmp_path / "b", "", files)), ("web-1",)))


def test_equal_lines_are_one_with_a_count_and_a_rate(tmp_path: Path) -> None:
    log = "".join(
        f"2026-01-01T12:{number // 60:02}:{number % 60:02}Z ERROR request {number}: no space left on device\n"
        for number in range(1200)
    )
    top = diagnose(a_bundle(tmp_path, "", {"logs/shop.log": log})).findings[0]
    assert top.claim.category == "disk-full"
    assert [quote.reason for quote in top.claim.evidence] == [
        "the failure's own words; 1,200 lines like it, 60.1 a minute"
    ]
