"""The benchmark's bundle has one true cause, and the engine finds it however many lines surround it."""

from pathlib import Path

from agent.diagnosing import diagnose
from benchmarks.analyze_corpus import FAILING, large_bundle


def test_the_cause_of_the_benchmarks_bundle_is_found(tmp_path: Path) -> None:
    diagnosis = diagnose(large_bundle(tmp_path / "bundle", lines=3000, metrics=25, events=50))
    first = diagnosis.findings[0].claim
    assert (first.subject, first.category) == (FAILING, "database-authentication")
    assert {part.name: part.records for part in diagnosis.sources}["log lines"] == 3000
