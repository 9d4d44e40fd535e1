"""docs/service-contract.md, row by row, on a healthy stack."""

import json
import re
import secrets
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import httpx
import psutil
import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.acceptance.running import Project, eventually

BUCKETS = {0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, float("inf")}
RUNTIME_METRICS = {
    "spring-boot": {"jvm_memory_used_bytes", "jvm_gc_pause_seconds", "jvm_threads_live_threads"},
    "fastapi": {"process_resident_memory_bytes", "python_gc_collections_total", "python_threads"},
}
TRACES_OF_CODE = re.compile(r"Traceback|\bat [a-z]+\.[a-z.]+|Exception|\.py\b|\.kt\b")


def samples(project: Project, name: str) -> list[tuple[dict[str, str], float]]:
    with project.client() as client:
        text = client.get("/metrics").text
    return [
        (dict(sample.labels), sample.value)
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name == name
    ]


@pytest.fixture(scope="module")
def client(project: Project) -> Iterator[httpx.Client]:
    with project.client() as client:
        yield client


def test_health_is_up(client: httpx.Client) -> None:
    answer = client.get("/health")
    assert (answer.status_code, answer.json()) == (200, {"status": "UP"})


def test_ready_names_each_dependency(client: httpx.Client, project: Project) -> None:
    answer = eventually(lambda: client.get("/ready"), lambda seen: seen.status_code == 200, within=30)
    assert answer.json()["status"] == "UP"
    assert answer.json()["checks"] == dict.fromkeys(project.combination.needs, "UP")


def test_version_names_the_commit(client: httpx.Client, project: Project) -> None:
    body = client.get("/version").json()
    assert set(body) == {"version", "revision", "built"}
    assert body["revision"] == project.run("git", "rev-parse", "HEAD").stdout.strip()
    assert datetime.fromisoformat(body["built"]).tzinfo is not None
    assert ({"version": body["version"], "revision": body["revision"]}, 1) in samples(project, "blissful_build_info")


def test_hello_greets(client: httpx.Client) -> None:
    assert client.get("/hello").json() == {"message": "Hello, world!"}
    assert client.get("/hello/world").json() == {"message": "Hello, world!"}
    assert client.get("/hello/Zoë%20O'Neil").json() == {"message": "Hello, Zoë O'Neil!"}
    assert client.get("/hello/" + "x" * 100).status_code == 200


def test_greetings_are_counted_with_postgres_only(client: httpx.Client, project: Project) -> None:
    name = secrets.token_hex(8)
    counts = [client.get(f"/hello/{name}").headers.get("X-Greeting-Count") for _ in range(3)]
    assert counts == (["1", "2", "3"] if project.combination.postgres else [None] * 3)


def test_greetings_are_cached_with_redis_only(client: httpx.Client, project: Project) -> None:
    name = secrets.token_hex(8)
    seen = [client.get(f"/hello/{name}").headers.get("X-Cache") for _ in range(2)]
    assert seen == (["miss", "hit"] if project.combination.redis else [None] * 2)


@pytest.mark.parametrize("body", [{"a": [1, None, "ü"]}, [], "text", 7, None, True])
def test_echo_returns_its_body(client: httpx.Client, body: object) -> None:
    # Not `json=body`: the client would send no body at all for null.
    answer = client.post("/echo", content=json.dumps(body), headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()) == (200, body)
    assert "X-Degraded" not in answer.headers


@pytest.mark.parametrize(
    ("method", "path", "content", "kind", "status"),
    [
        ("GET", "/nowhere", None, None, 404),
        ("DELETE", "/hello", None, None, 405),
        ("GET", "/hello/" + "x" * 101, None, None, 400),
        ("POST", "/echo", b"{not json", "application/json", 400),
        ("POST", "/echo", b"\xff\xfe", "application/json", 400),
        ("POST", "/echo", b"", "application/json", 400),
        ("POST", "/echo", b"text", "text/plain", 415),
        ("POST", "/echo", b'"' + b"x" * 70_000 + b'"', "application/json", 413),
    ],
)
def test_bad_input_is_a_problem_document(
    client: httpx.Client, method: str, path: str, content: bytes | None, kind: str | None, status: int
) -> None:
    answer = client.request(method, path, content=content, headers={"Content-Type": kind} if kind else {})
    assert answer.status_code == status
    assert answer.headers["Content-Type"].startswith("application/problem+json")
    problem = answer.json()
    assert {"type", "title", "status", "detail", "instance"} <= set(problem)
    assert problem["status"] == status
    assert not TRACES_OF_CODE.search(answer.text)


def test_requests_are_measured_by_route(client: httpx.Client, project: Project) -> None:
    client.get("/hello/measured")
    labels = {"http_request_method": "GET", "http_route": "/hello/{name}", "http_response_status_code": "200"}
    counts = samples(project, "http_server_request_duration_seconds_count")
    assert any(labels.items() <= seen.items() and value >= 1 for seen, value in counts)
    buckets = samples(project, "http_server_request_duration_seconds_bucket")
    assert {float(seen["le"]) for seen, _ in buckets if labels.items() <= seen.items()} == BUCKETS
    assert not any("measured" in str(seen.values()) for seen, _ in counts)


def test_runtime_is_measured(client: httpx.Client, project: Project) -> None:
    names = {family.name for family in text_string_to_metric_families(client.get("/metrics").text)}
    wanted = {name.removesuffix("_total") for name in RUNTIME_METRICS[project.combination.template]}
    assert wanted <= names


def test_trace_goes_through_http_and_kafka(client: httpx.Client, project: Project) -> None:
    trace = secrets.token_hex(16)
    answer = client.post("/echo", json={"n": 1}, headers={"traceparent": f"00-{trace}-{'ab' * 8}-01"})
    assert answer.headers["traceparent"].split("-")[1] == trace

    def of_this_trace() -> list[dict[str, Any]]:
        return [record for record in project.records() if record.get("trace", {}).get("id") == trace]

    def is_told(records: list[dict[str, Any]]) -> bool:
        """The request, and what came of its message: in whichever order."""
        asked = any(record.get("http", {}).get("request", {}).get("method") == "POST" for record in records)
        received = any(record["message"] == "echo received" for record in records)
        return asked and (received or not project.combination.kafka)

    eventually(of_this_trace, is_told, within=15)


def test_a_request_without_a_trace_starts_one(client: httpx.Client) -> None:
    first, second = (client.get("/hello").headers["traceparent"].split("-")[1] for _ in range(2))
    assert re.fullmatch(r"[0-9a-f]{32}", first)
    assert first != second


def test_consumer_lag_is_measured_with_kafka_only(client: httpx.Client, project: Project) -> None:
    if not project.combination.kafka:
        assert samples(project, "kafka_consumer_lag") == []
        return
    client.post("/echo", json=1)
    seen = eventually(lambda: samples(project, "kafka_consumer_lag"), bool, within=40)
    labels = {"group": "svc", "topic": "svc.echo", "partition": "0"}
    assert any(labels.items() <= each.items() for each, _ in seen)
    eventually(lambda: samples(project, "kafka_consumer_lag"), lambda now: all(v == 0 for _, v in now), within=40)


def test_every_line_on_stdout_is_an_ecs_record(client: httpx.Client, project: Project) -> None:
    client.get("/hello/logged")
    client.get("/nowhere")
    for line in project.stdout_lines():
        record = json.loads(line)
        assert datetime.fromisoformat(record["@timestamp"]).tzinfo is not None
        assert record["log"]["level"] in {"trace", "debug", "info", "warn", "warning", "error", "fatal", "critical"}
        assert isinstance(record["message"], str)
        assert record["service"]["name"] == "svc"
        assert record["service"]["version"]


def test_requests_are_logged_but_probes_are_not(client: httpx.Client, project: Project) -> None:
    client.get("/hello/logged")
    for path in ("/health", "/ready", "/metrics"):
        client.get(path)

    def logged() -> list[dict[str, Any]]:
        return [record for record in project.records() if "url" in record]

    records = eventually(logged, lambda seen: any(r["url"]["path"] == "/hello/logged" for r in seen), within=5)
    assert not {record["url"]["path"] for record in records} & {"/health", "/ready", "/metrics"}
    request = next(record for record in records if record["url"]["path"] == "/hello/logged")
    assert request["http"]["response"]["status_code"] == 200
    assert request["event"]["duration"] > 0


def test_nothing_listens_beyond_loopback(project: Project) -> None:
    if project.combination.runtime == "docker":
        for name in ("app", *project.combination.needs):
            container = project.service(name)["container"]
            bindings = json.loads(project.run("docker", "inspect", container).stdout)[0]["NetworkSettings"]["Ports"]
            hosts = {each["HostIp"] for published in bindings.values() for each in published or ()}
            assert hosts <= {"127.0.0.1"}
        return
    for name in ("app", *project.combination.needs):
        parent = psutil.Process(project.service(name)["pid"])
        for process in [parent, *parent.children(recursive=True)]:
            for connection in process.net_connections("inet"):
                if connection.status == psutil.CONN_LISTEN:
                    assert connection.laddr.ip in {"127.0.0.1", "::1", "::ffff:127.0.0.1"}, (name, connection)


@pytest.mark.applies_to(needs=["postgres"])
def test_the_password_is_in_no_process_list_and_no_file_but_its_own(project: Project) -> None:
    secrets_file = project.folder / ".blissful/secrets.env"
    assert secrets_file.stat().st_mode & 0o777 == 0o600
    (quoted,) = re.findall(r"^POSTGRES_PASSWORD=(.+)$", secrets_file.read_text(), re.MULTILINE)
    password = quoted.strip("'\"")
    for process in psutil.process_iter(["cmdline"]):
        assert password not in " ".join(process.info["cmdline"] or ())
    data = project.folder / ".blissful/process/data"
    for file in project.folder.rglob("*"):
        if file.is_file() and not file.is_symlink() and file != secrets_file and data not in file.parents:
            assert password.encode() not in file.read_bytes(), file


@pytest.mark.applies_to(runtime="docker")
def test_the_image_is_hardened(project: Project) -> None:
    container = json.loads(project.run("docker", "inspect", project.service("app")["container"]).stdout)[0]
    assert re.fullmatch(r"[1-9]\d*(:\d+)?", container["Config"]["User"])
    assert container["Config"]["Healthcheck"]["Test"]
    assert container["HostConfig"]["ReadonlyRootfs"] is True
    assert container["HostConfig"]["CapDrop"] == ["ALL"]
