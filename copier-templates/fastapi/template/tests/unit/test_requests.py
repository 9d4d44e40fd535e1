import json
import logging
import re
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from prometheus_client import REGISTRY

from app.logs import EcsFormatter
from tests.unit.conftest import IDENTITY

TRACE = "ab" * 16


class Lines(logging.Handler):
    """What would stand on stdout."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(EcsFormatter(IDENTITY))
        self.records: list[dict[str, Any]] = []

    def emit(self, record: logging.LogRecord) -> None:
        line = self.format(record)
        assert "\n" not in line
        self.records.append(json.loads(line))


@pytest.fixture
def lines() -> Iterator[Lines]:
    handler = Lines()
    logger = logging.getLogger("app")
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    yield handler
    logger.removeHandler(handler)


def measured(method: str, route: str, status: int) -> float:
    labels = {"http_request_method": method, "http_route": route, "http_response_status_code": str(status)}
    return REGISTRY.get_sample_value("http_server_request_duration_seconds_count", labels) or 0


@pytest.mark.parametrize(
    ("method", "path", "route", "status"),
    [
        ("GET", "/hello/bob", "/hello/{name}", 200),
        ("HEAD", "/hello/bob", "/hello/{name}", 200),
        ("GET", "/hello/" + "x" * 101, "/hello/{name}", 400),
        ("GET", "/nowhere", "", 404),
        ("DELETE", "/hello", "/hello", 405),
    ],
)
def test_requests_are_measured_by_route(client: TestClient, method: str, path: str, route: str, status: int) -> None:
    before = measured(method, route, status)
    assert client.request(method, path).status_code == status
    assert measured(method, route, status) == before + 1


def test_invented_methods_share_one_label(client: TestClient) -> None:
    before = measured("_OTHER", "/hello", 405)
    client.request("BREW", "/hello")
    assert measured("_OTHER", "/hello", 405) == before + 1


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/nowhere", 404), ("DELETE", "/hello", 405)])
def test_errors_are_problem_documents(client: TestClient, method: str, path: str, status: int) -> None:
    answer = client.request(method, path)
    assert answer.headers["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert set(problem) == {"type", "title", "status", "detail", "instance"}
    assert (problem["status"], problem["instance"]) == (status, path)


def test_an_unhandled_error_is_logged_with_its_trace_and_tells_nothing(client: TestClient, lines: Lines) -> None:
    app = client.app
    assert isinstance(app, FastAPI)

    @app.get("/broken")
    async def broken() -> None:
        raise RuntimeError("secret")

    answer = client.get("/broken", headers={"traceparent": f"00-{TRACE}-{'cd' * 8}-01"})
    assert answer.status_code == 500
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["traceparent"].startswith(f"00-{TRACE}-")
    assert "secret" not in answer.text
    error, request = lines.records
    assert (error["error"]["type"], error["error"]["message"]) == ("RuntimeError", "secret")
    assert "Traceback" in error["error"]["stack_trace"]
    assert error["trace"]["id"] == request["trace"]["id"] == TRACE
    assert measured("GET", "/broken", 500) == 1


def test_a_request_is_one_line(client: TestClient, lines: Lines) -> None:
    client.get("/hello/bob", headers={"traceparent": f"00-{TRACE}-{'cd' * 8}-01"})
    (line,) = lines.records
    assert line["log"] == {"level": "info", "logger": "app.http"}
    assert line["message"] == "GET /hello/{name} 200"
    assert line["service"] == {"name": "svc", "version": "1.2.3"}
    assert line["http"] == {"request": {"method": "GET"}, "response": {"status_code": 200}}
    assert line["url"] == {"path": "/hello/bob"}
    assert line["event"]["duration"] > 0
    assert line["trace"]["id"] == TRACE


@pytest.mark.parametrize("path", ["/health", "/ready", "/metrics"])
def test_probes_are_not_logged(client: TestClient, lines: Lines, path: str) -> None:
    assert client.get(path).status_code == 200
    assert lines.records == []


def test_a_request_without_a_trace_starts_one(client: TestClient) -> None:
    first, second = (client.get("/hello").headers["traceparent"].split("-")[1] for _ in range(2))
    assert re.fullmatch(r"[0-9a-f]{32}", first)
    assert first != second


@pytest.mark.parametrize("headers", [{}, {"traceparent": f"00-{TRACE}-{'cd' * 8}-01"}])
def test_a_request_is_one_span_of_the_trace_it_names(client: TestClient, headers: dict[str, str]) -> None:
    exporter = InMemorySpanExporter()
    provider = trace.get_tracer_provider()
    assert isinstance(provider, TracerProvider)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    answer = client.get("/version", headers=headers)
    (span,) = exporter.get_finished_spans()
    assert span.name == "GET /version"
    assert answer.headers["traceparent"].split("-")[1] == trace.format_trace_id(span.context.trace_id)


def test_metrics_are_prometheus_text(client: TestClient) -> None:
    answer = client.get("/metrics")
    assert answer.headers["Content-Type"].startswith("text/plain")
    for name in ("python_gc_collections_total", "python_threads", "process_resident_memory_bytes"):
        assert f"\n{name}" in answer.text
    assert 'blissful_build_info{revision="abc",version="1.2.3"} 1.0' in answer.text
