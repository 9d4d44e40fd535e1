"""Requests counted from metrics, without probes, and compared by pod."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import CollectorRegistry, Histogram, generate_latest

from blissful_infra.delivery.previews.request_count import counts_in, counts_text, requests_in, used_since

LABELS = ["http_request_method", "http_route", "http_response_status_code"]


def metrics(**routes: int) -> str:
    registry = CollectorRegistry()
    histogram = Histogram("http_server_request_duration_seconds", "Requests", LABELS, registry=registry)
    for route, count in routes.items():
        for _ in range(count):
            histogram.labels("GET", f"/{route}", "200").observe(0.1)
    return generate_latest(registry).decode()


def test_probes_and_scrapes_are_no_requests() -> None:
    assert requests_in(metrics(hello=3, echo=2, health=50, ready=60, version=1, metrics=9)) == 5
    assert requests_in(metrics(health=50)) == 0
    assert requests_in("# nothing") is None


def test_a_path_that_leads_nowhere_counts_and_micrometers_order_of_labels_does_not_matter() -> None:
    line = 'http_server_request_duration_seconds_count{http_response_status_code="404",http_route=""} 4'
    assert requests_in(line) == 4
    assert requests_in('http_server_request_duration_seconds_count{http_route="/a\\"b",x="y"} 4.0 1700000000000') == 4


@pytest.mark.parametrize("value", ["NaN", "+Inf", "-1", "x", "1e400"])
def test_a_value_that_is_no_count_adds_nothing(value: str) -> None:
    assert requests_in(f"http_server_request_duration_seconds_count {value}") == 0


@given(st.text())
def test_any_text_is_counted_or_not(text: str) -> None:
    assert requests_in(text) is None or text
    assert all(isinstance(count, int) for count in counts_in(text).values())


@given(st.dictionaries(st.text(), st.integers(0, 2**60)))
def test_counts_are_read_back_and_are_no_use_by_themselves(counts: dict[str, int]) -> None:
    assert counts_in(counts_text(counts)) == counts
    assert not used_since(counts, counts)


@pytest.mark.parametrize(
    ("before", "now", "used"),
    [
        ({"a": 1}, {"a": 2}, True),
        ({"a": 5}, {"a": 0}, False),  # the container began anew
        ({"a": 5}, {"a": 2}, True),
        ({"a": 5}, {"b": 0}, False),  # another pod
        ({"a": 5}, {"b": 1}, True),
        ({"a": 5}, {}, False),  # it does not tell
        ({}, {"a": 0}, False),
    ],
)
def test_a_use_is_a_request_since_the_last_look(before: dict[str, int], now: dict[str, int], used: bool) -> None:
    assert used_since(before, now) is used
