"""What a table shows not to be well is told where nothing else was found."""

from pathlib import Path

import pytest

from agent.diagnosing import diagnose
from tests.unit.agent.rca.bundles import a_bundle

HEADER = "version: 1\ntitle: Is web well?\nalert: Is web well?\n"


@pytest.mark.parametrize(
    ("table", "category"),
    [
        ("web-6b7c9d8f5-x2k4p   0/1   CrashLoopBackOff   5 (10s ago)   5m", "crash-loop"),
        ("web-6b7c9d8f5-x2k4p   0/1   Init:ImagePullBackOff   0   5m", "image-pull"),
        ("web-6b7c9d8f5-x2k4p   0/1   Pending   0   5m", "unknown"),
        ("web   3   3   2   3   2   <none>   30d", "rollout-stuck"),
        ("web   1/2   1   1   5d", "rollout-stuck"),
    ],
)
def test_one_bad_line_is_told_weakly(tmp_path: Path, table: str, category: str) -> None:
    files = {"kubernetes/get.txt": f"{table}\napi-6b7c9d8f5-x2k4p   1/1   Running   0   5m\n"}
    found = diagnose(a_bundle(tmp_path, HEADER, files)).findings
    assert [(cause.claim.subject, cause.claim.category) for cause in found] == [("web", category)]
    assert found[0].confidence < 0.7
    assert found[0].claim.evidence[0].text in files["kubernetes/get.txt"]


def test_the_one_asked_about_goes_first(tmp_path: Path) -> None:
    rows = "api-6b7c9d8f5-x2k4p   0/1   Pending   0   5m\nweb-6b7c9d8f5-x2k4p   0/1   Pending   0   5m\n"
    found = diagnose(a_bundle(tmp_path, HEADER, {"kubernetes/get.txt": rows})).findings
    assert [cause.claim.subject for cause in found] == ["web", "api"]


def test_a_pod_that_is_going_away_beside_a_ready_one_is_no_trouble(tmp_path: Path) -> None:
    rows = "web-6b7c9d8f5-x2k4p   0/1   Terminating   0   5m\nweb-6b7c9d8f5-b2k4p   1/1   Running   0   5m\n"
    found = diagnose(a_bundle(tmp_path, HEADER, {"kubernetes/get.txt": rows})).findings
    assert [cause.claim.category for cause in found] == ["healthy"]


def test_nothing_seen_is_nothing_found(tmp_path: Path) -> None:
    assert diagnose(a_bundle(tmp_path, HEADER)).findings == ()


def test_what_its_log_ends_with_is_told_too(tmp_path: Path) -> None:
    files = {
        "kubernetes/get.txt": "web-6b7c9d8f5-x2k4p   0/1   Init:0/1   0   5m\n",
        "logs/web-6b7c9d8f5-x2k4p.log": "looking for the ledger\nstill looking for the ledger\n",
    }
    (found,) = diagnose(a_bundle(tmp_path, HEADER, files)).findings
    assert 'Its log ends with: "still looking for the ledger".' in found.claim.cause
