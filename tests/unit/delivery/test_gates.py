"""The gates before a promotion: each opens for one reason, and what is unknown keeps it closed."""

import dataclasses
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from blissful_infra.delivery.gates import Service, Source, gates_of
from blissful_infra.delivery.promoting import GateClosedError, refuse_closed
from blissful_infra.delivery.release import Release, Verdict
from blissful_infra.delivery.service_level import service_level
from blissful_infra.delivery.surveying import EnvironmentStatus, Health, Sync
from blissful_infra.settings.model import Promotion, Slo
from tests.engines.prometheus import prometheus
from tests.ports import free_ports

PROMOTION = Promotion(after="staging", served_for="10m")
GOOD = EnvironmentStatus("staging", "c", "n", Health.HEALTHY, Sync.SYNCED, 3, "i", "abc")
RELEASE = Release(3, "i", "abc", "ada", 1000.0, Verdict.SERVED, seconds=20.0)
SOURCE = Source(name="staging", status=GOOD, release=RELEASE, now=1620.0, incidents=(), service=Service(120.0, 0.001))


def closed(**changes: Any) -> dict[str, str]:
    found = gates_of(PROMOTION, dataclasses.replace(SOURCE, **changes), Slo())
    return {gate.name: gate.seen for gate in found if not gate.open}


def test_all_are_open_where_all_is_well_and_each_says_what_it_saw() -> None:
    assert closed() == {}
    seen = {gate.name: gate.seen for gate in gates_of(PROMOTION, SOURCE, Slo())}
    assert seen["served"] == "release 3 serves for 600 s of 600 s"
    assert seen["p95"] == "120 ms, promised 200 ms"
    assert seen["errors"] == "0.10% of requests failed, promised 1.00%"


@pytest.mark.parametrize(
    ("changes", "gate", "seen"),
    [
        ({"name": "try"}, "source", "from try, releases come after staging"),
        ({"now": 1619.0}, "served", "599 s of 600 s"),
        ({"now": 900.0}, "served", "serves for 0 s of 600 s"),  # a clock that is behind
        ({"status": dataclasses.replace(GOOD, health=Health.UNREACHABLE, detail="no")}, "healthy", "unreachable (no)"),
        ({"status": dataclasses.replace(GOOD, revision="old")}, "healthy", "old answers"),
        ({"status": dataclasses.replace(GOOD, revision=None)}, "healthy", "nothing answers"),
        ({"status": dataclasses.replace(GOOD, sync=Sync.UNKNOWN)}, "drift", "unknown"),
        ({"status": dataclasses.replace(GOOD, sync=Sync.DRIFTED, drift=("Service/a",))}, "drift", "(Service/a)"),
        ({"incidents": ("0123456789",)}, "incidents", "1 open (01234567)"),
        ({"incidents": None}, "incidents", "unknown"),
        ({"service": Service(201.0, 0.0)}, "p95", "201 ms"),
        ({"service": Service(1.0, 0.02)}, "errors", "2.00%"),
        ({"service": Service(problem="no requests")}, "errors", "unknown (no requests)"),
    ],
)
def test_one_closes(changes: dict[str, Any], gate: str, seen: str) -> None:
    found = closed(**changes)
    assert seen in found.pop(gate)
    assert set(found) <= {"p95"}


def test_without_a_prometheus_nothing_is_asked_of_it() -> None:
    assert closed(service=None) == {}
    assert "p95" not in {gate.name for gate in gates_of(PROMOTION, dataclasses.replace(SOURCE, service=None), Slo())}


def test_the_error_names_the_gates_and_what_they_saw() -> None:
    gates = gates_of(PROMOTION, dataclasses.replace(SOURCE, incidents=None), Slo())
    with pytest.raises(GateClosedError, match="production is closed to this promotion: incidents") as caught:
        refuse_closed(gates, "production")
    assert caught.value.exit_code == 6
    assert "--force-gates" in str(caught.value.hint)


@pytest.mark.needs_prometheus
def test_the_service_level_of_a_real_prometheus(tmp_path: Path) -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    name = "http_server_request_duration_seconds"
    samples: dict[str, dict[datetime, float]] = {}

    def counter(series: str, per_minute: float) -> None:
        samples[series] = {now - timedelta(minutes=20 - each): each * per_minute for each in range(21)}

    route = 'http_route="/hello",namespace="shop"'
    for le, count in (("0.1", 90), ("0.25", 100), ("+Inf", 100)):
        counter(f'{name}_bucket{{http_response_status_code="200",{route},le="{le}"}}', count)
    counter(f'{name}_count{{http_response_status_code="200",{route}}}', 98)
    counter(f'{name}_count{{http_response_status_code="503",{route}}}', 2)
    counter(f'{name}_count{{http_response_status_code="503",http_route="/ready",namespace="shop"}}', 50)
    with prometheus(tmp_path / "p", samples) as url:
        found = service_level(url, "shop", 600)
        nothing = service_level(url, "elsewhere", 600)
    assert found.p95_ms == pytest.approx(175, abs=1)
    assert found.error_rate == pytest.approx(0.02, abs=0.001)
    assert (nothing.p95_ms, nothing.error_rate) == (None, None)
    assert "no requests in elsewhere" in nothing.problem


def test_a_prometheus_that_does_not_answer_is_no_good_news() -> None:
    began = time.monotonic()
    found = service_level(f"http://127.0.0.1:{free_ports(1)[0]}", "shop", 600)
    assert (found.p95_ms, found.error_rate) == (None, None)
    assert found.problem
    assert time.monotonic() - began < 30
