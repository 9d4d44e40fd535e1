"""A real Prometheus that scrapes a real exporter, itself: what it measures arrives as series of the service."""

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from agent.collectors.bundle import investigation_of
from agent.collectors.evidence.http import Server
from agent.collectors.evidence.prometheus import Prometheus
from agent.domain import Bound, Window
from agent.domain.investigation import Document
from agent.domain.telemetry import Series
from tests.engines.prometheus import prometheus

HEADER = Document("bundle.yaml", "version: 1\ntitle: t\nalert: a\n")
WANTED = {"up", "cpu_cores", "memory_bytes", "open_files"}


def series_at(url: str) -> dict[str, Series]:
    now = datetime.now(UTC)
    source = Prometheus(Server("prometheus", url), ["own", "other"])
    found = source.gather(Window(now - timedelta(minutes=1), now), Bound())
    read = investigation_of((HEADER, *found.documents))
    assert read.gaps == ()
    return {series.metric: series for series in read.series if series.subject == "own"}


@pytest.mark.needs_prometheus
def test_what_an_exporter_measures_arrives(tmp_path: Path) -> None:
    with prometheus(tmp_path / "p") as url:
        deadline = time.monotonic() + 60
        while not (seen := series_at(url)).keys() >= WANTED:
            assert time.monotonic() < deadline, sorted(seen)
            time.sleep(0.5)
    assert set(seen) == WANTED
    assert seen["up"].values[-1] == 1
    assert seen["memory_bytes"].values[-1] > 1_000_000


@pytest.mark.needs_prometheus
def test_a_namespace_narrows_what_is_taken(tmp_path: Path) -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    samples = {
        f'process_open_fds{{job="app",namespace="{name}"}}': {now - timedelta(minutes=5): value}
        for name, value in (("here", 11), ("there", 22))
    }
    window = Window(now - timedelta(minutes=10), now)
    with prometheus(tmp_path / "p", samples) as url:
        found = Prometheus(Server("prometheus", url), ["app"], namespace="here").gather(window, Bound())
    assert {line.split(",")[1] for line in found.documents[0].text.splitlines()[1:]} == {"11"}
