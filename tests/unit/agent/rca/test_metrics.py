"""What the metrics line makes of series, with a call graph and without."""

from pathlib import Path

import pytest

from agent.collectors.bundle import read_bundle
from agent.diagnosing import diagnose
from agent.domain.claim import Claim
from agent.domain.telemetry import Series
from agent.rca.anomaly import reference_of, score
from agent.rca.metrics import claims_of_metrics
from agent.rca.metrics.kinds import Kind, kind_of
from agent.rca.onset import onset_of
from tests.unit.agent.rca.bundles import ONSET_ROW, START, STEP, a_bundle, a_table, at

GRAPH = "topology: {edges: [[shop, cart], [shop, stock], [cart, db], [db, cart]]}\n"


def claims_in(folder: Path) -> tuple[Claim, ...]:
    return claims_of_metrics(read_bundle(folder))


def test_the_callee_that_explains_the_callers_delay_is_the_suspect(tmp_path: Path) -> None:
    tables = {
        "metrics/shop.csv": a_table(latency_avg=(0.2, 0.9), requests=(100, 100)),
        "metrics/cart.csv": a_table(latency_avg=(0.1, 0.8), requests=(100, 100)),
        "metrics/db.csv": a_table(latency_avg=(0.01, 0.012), requests=(400, 400)),
        "metrics/stock.csv": a_table(latency_avg=(0.1, 3.0), requests=(1, 1)),
    }
    top = claims_in(a_bundle(tmp_path, GRAPH + f"alert_at: '{at(ONSET_ROW)}'\n", tables))[0]
    assert (top.subject, top.category, top.metric) == ("cart", "added-latency", "latency_avg")


def test_a_caller_that_is_as_usual_has_nothing_that_a_callee_could_explain(tmp_path: Path) -> None:
    tables = {
        "metrics/shop.csv": a_table(latency_avg=(0.2, 0.2), requests=(100, 100)),
        "metrics/cart.csv": a_table(latency_avg=(0.1, 0.8), requests=(100, 100)),
    }
    top = claims_in(a_bundle(tmp_path, GRAPH + f"alert_at: '{at(ONSET_ROW)}'\n", tables))[0]
    assert (top.subject, top.rule) == ("cart", "robust-score")


HIDDEN = "topology: {edges: [[shop, cart], [shop, stock], [shop, mail], [cart, db]]}\n"


def test_a_callee_without_metrics_is_suspected_before_the_one_that_alerted(tmp_path: Path) -> None:
    tables = {
        "metrics/shop.csv": a_table(latency_avg=(0.2, 0.9), requests=(100, 100)),
        "metrics/stock.csv": a_table(latency_avg=(0.1, 0.1), requests=(100, 100)),
    }
    header = f"alert_at: '{at(ONSET_ROW)}'\n"
    top, second = claims_in(a_bundle(tmp_path / "hidden", HIDDEN + header, tables))[:2]
    assert (top.subject, top.rule, second.subject) == ("cart", "unmeasured-callee", "shop")
    assert top.gaps == ("the metrics of cart",)
    tables["metrics/cart.csv"] = tables["metrics/stock.csv"]
    seen = claims_in(a_bundle(tmp_path / "seen", HIDDEN + header, tables))[0]
    assert seen.subject == "shop"
    assert top.strength < seen.strength


def test_what_only_passes_requests_on_is_not_blamed_for_what_it_calls(tmp_path: Path) -> None:
    tables = {
        "metrics/shop.csv": a_table(latency_avg=(0.2, 0.9), requests=(100, 100)),
        "metrics/cart.csv": a_table(latency_avg=(0.1, 0.8), requests=(100, 100)),
    }
    top = claims_in(a_bundle(tmp_path, HIDDEN + f"alert_at: '{at(ONSET_ROW)}'\n", tables))[0]
    assert (top.subject, top.rule) == ("db", "unmeasured-callee")


def test_the_less_a_component_is_off_the_less_strongly_it_is_suspected(tmp_path: Path) -> None:
    strengths = [
        claims_in(
            a_bundle(
                tmp_path / str(after),
                GRAPH + f"alert_at: '{at(ONSET_ROW)}'\n",
                {
                    "metrics/shop.csv": a_table(latency_avg=(0.2, 0.9), requests=(100, 100)),
                    "metrics/stock.csv": a_table(latency_avg=(0.1, after), requests=(2000, 2000)),
                },
            )
        )[0].strength
        for after in (0.11, 0.9)
    ]
    assert strengths[0] < strengths[1]


def test_a_cycle_in_the_graph_ends_the_walk(tmp_path: Path) -> None:
    tables = {
        f"metrics/{name}.csv": a_table(latency_avg=(0.1, 0.1 + more), requests=(100, 100))
        for name, more in {"shop": 0.5, "cart": 0.5, "db": 0.6}.items()
    }
    assert claims_in(a_bundle(tmp_path, GRAPH + f"alert_at: '{at(ONSET_ROW)}'\n", tables))[0].subject == "db"


@pytest.mark.parametrize(
    ("metric", "before", "after"),
    [("availability", 100, 70), ("success_ratio", 1, 0.7), ("error_rate_5xx", 0.001, 0.3), ("errors", 1, 40)],
)
def test_failing_requests_are_followed_by_whatever_metric_shows_them(
    tmp_path: Path, metric: str, before: float, after: float
) -> None:
    header = f"version: 1\ntitle: shop answers with errors\nalert: shop fails\nalert_at: '{at(ONSET_ROW)}'\n" + GRAPH
    tables = {
        "metrics/shop.csv": a_table(**{metric: (before, after)}),
        "metrics/stock.csv": a_table(**{metric: (before, after)}),
        "metrics/cart.csv": a_table(**{metric: (before, before)}),
    }
    top = claims_in(a_bundle(tmp_path, header, tables))[0]
    assert (top.subject, top.category) == ("stock", "request-errors")


def test_without_a_graph_the_metric_farthest_from_its_normal_range_leads(tmp_path: Path) -> None:
    tables = {
        "metrics/shop.csv": a_table(latency_p95=(120, 180), cpu=(0.4, 0.5)),
        "metrics/stock.csv": a_table(latency_p95=(40, 90), cpu=(0.2, 3.1)),
    }
    claims = claims_in(a_bundle(tmp_path, f"window: {{onset: '{at(ONSET_ROW)}'}}\n", tables))
    assert [claim.subject for claim in claims] == ["stock", "shop"]
    assert (claims[0].metric, claims[0].category) == ("cpu", "cpu-saturation")


def test_the_quotes_are_rows_of_the_file_that_hold_the_value_of_the_cause(tmp_path: Path) -> None:
    folder = a_bundle(tmp_path, "", {"metrics/stock.csv": a_table(cpu=(0.2, 3.1))})
    claim = claims_in(folder)[0]
    row, head = claim.evidence
    assert row.text in (folder / row.path).read_text().splitlines()
    assert row.text.split(",")[1] in claim.cause
    assert head.text == "time,cpu"


def test_quiet_metrics_claim_nothing(tmp_path: Path) -> None:
    tables = {"metrics/shop.csv": a_table(latency_p95=(120, 120), errors=(0, 0), cpu=(0.4, 0.4))}
    assert claims_in(a_bundle(tmp_path, GRAPH, tables)) == ()
    assert claims_in(a_bundle(tmp_path / "alone", "", tables)) == ()


def test_a_metric_that_gets_better_is_no_suspect(tmp_path: Path) -> None:
    tables = {"metrics/shop.csv": a_table(latency_p95=(120, 20), availability=(90, 100))}
    assert claims_in(a_bundle(tmp_path, "", tables)) == ()


def test_torn_and_missing_cells_are_stepped_over(tmp_path: Path) -> None:
    table = "time,cpu\n" + "".join(f"{START + STEP * row},{'' if row % 3 else 0.5}\n" for row in range(60))
    table += f"{START + 3600},NaN\nxx,1\n{START + 3660},9.25\n"
    claims = claims_in(a_bundle(tmp_path, f"window: {{onset: '{at(60)}'}}\n", {"metrics/a.csv": table}))
    assert claims[0].evidence[0].text == f"{START + 3660},9.25"


def test_onset_is_where_most_series_step_whatever_their_units() -> None:
    times = tuple(float(minute) for minute in range(60))
    small = tuple(0.001 * (minute % 3) + (0.01 if minute >= 30 else 0) for minute in range(60))
    large = tuple(1e9 + 1e6 * (minute % 4) - (2e8 if minute >= 30 else 0) for minute in range(60))
    series = (Series("a", "x", times, small), Series("b", "y", times, large))
    assert onset_of(series, 0, 59, 59) == 30
    assert onset_of((Series("a", "x", times, (1.0,) * 60),), 0, 59, 59) is None


def test_a_constant_series_has_a_scale_of_its_own_unit() -> None:
    reference = reference_of([0.0] * 10, [0.5, 1.0])
    assert reference is not None
    assert 1 < score(1.0, reference) < 1000
    assert score(0.0, reference) == 0


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("http_server_duration_p99_ms", Kind.LATENCY),
        ("availability_Average", Kind.AVAILABILITY),
        ("error_rate_5xx_ratio", Kind.ERRORS),
        ("container_cpu_usage_cores", Kind.CPU),
        ("memUsage", Kind.MEMORY),
        ("disk_io_time", Kind.DISK),
        ("requests_Sum", Kind.REQUESTS),
        ("kafka_consumer_lag", Kind.QUEUE),
        ("temperature", Kind.OTHER),
    ],
)
def test_the_name_tells_the_kind(name: str, kind: Kind) -> None:
    assert kind_of(name) is kind


def test_a_counter_is_judged_by_its_rate(tmp_path: Path) -> None:
    rows, total = ["time,cpu_seconds_total,other_total"], 0.0
    for row in range(60):
        total += 6.0 if row < ONSET_ROW else 48.0
        rows.append(f"{START + STEP * row},{total:.1f},{row * 5}")
    claims = claims_in(
        a_bundle(tmp_path, f"window: {{onset: '{at(ONSET_ROW)}'}}\n", {"metrics/a.csv": "\n".join(rows)})
    )
    assert (claims[0].metric, claims[0].category) == ("cpu_seconds_total", "cpu-saturation")
    assert "rose by 0.8 a second, usually 0.1" in claims[0].cause


def test_what_is_next_to_nothing_elsewhere_is_no_anomaly(tmp_path: Path) -> None:
    tables = {
        "metrics/idle.csv": a_table(cpu=(0.0001, 0.0009)),
        "metrics/busy.csv": a_table(cpu=(0.5, 2.0)),
        "metrics/shop.csv": a_table(cpu=(0.4, 0.4)),
    }
    claims = claims_in(a_bundle(tmp_path, f"window: {{onset: '{at(ONSET_ROW)}'}}\n", tables))
    assert [claim.subject for claim in claims] == ["busy"]


def test_a_metric_with_a_plain_name_and_a_small_value_is_backed_by_its_row(tmp_path: Path) -> None:
    tables = {"metrics/stock.csv": a_table(socket=(34, 212), cpu=(0.2, 0.2))}
    folder = a_bundle(tmp_path, f"window: {{onset: '{at(ONSET_ROW)}'}}\n", tables)
    assert diagnose(folder).findings[0].claim.metric == "socket"


@pytest.mark.parametrize(
    ("metrics", "named"),
    [
        ({"mem": (4e8, 6e8), "cpu": (0.01, 0.9)}, "mem"),
        ({"mem": (4e6, 9e6), "cpu": (0.01, 0.9)}, "cpu"),
        ({"latency-50": (5, 90), "latency-90": (9, 300)}, "latency-50"),
        ({"latency-50": (5, 9), "latency-90": (9, 900)}, "latency-90"),
        ({"diskio": (1e4, 1e8), "cpu": (0.1, 0.3)}, "diskio"),
    ],
)
def test_the_metric_that_explains_the_others_is_named(
    tmp_path: Path, metrics: dict[str, tuple[float, float]], named: str
) -> None:
    folder = a_bundle(tmp_path, f"window: {{onset: '{at(ONSET_ROW)}'}}\n", {"metrics/a.csv": a_table(**metrics)})
    assert claims_in(folder)[0].metric == named


def test_a_small_step_is_held_less_strongly_even_where_nothing_else_is_off(tmp_path: Path) -> None:
    header = f"window: {{onset: '{at(ONSET_ROW)}'}}\n"
    (small,) = claims_in(a_bundle(tmp_path / "a", header, {"metrics/a.csv": a_table(cpu=(1, 1.3))}))
    (large,) = claims_in(a_bundle(tmp_path / "b", header, {"metrics/a.csv": a_table(cpu=(1, 4))}))
    assert small.strength < 0.6 < large.strength
