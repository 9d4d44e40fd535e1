"""Servers that misbehave: whatever they do, the source is unavailable with a reason, in bounded time."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from agent.collectors.evidence import http
from agent.collectors.evidence.http import HttpError, Server
from agent.collectors.evidence.jenkins import Jenkins
from agent.collectors.evidence.loki import Loki
from agent.collectors.evidence.prometheus import Prometheus
from agent.domain import Bound, CollectedStatus, Window
from agent.ports import EvidenceSource
from tests.engines.jenkins import JenkinsStandIn

NOW = datetime.now(UTC).replace(microsecond=0)
WINDOW = Window(NOW - timedelta(hours=1), NOW)


@contextmanager
def answering(*answers: tuple[int, bytes]) -> Iterator[tuple[str, list[str]]]:
    """A server that gives these answers one after the other, the last one again and again; and what it was told."""
    told: list[str] = []
    left = list(answers)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            told.append(self.headers.get("Authorization", ""))
            status, body = left.pop(0) if len(left) > 1 else left[0]
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", told
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def sources_at(url: str) -> list[EvidenceSource]:
    return [
        Prometheus(Server("prometheus", url), ["app"]),
        Loki(Server("loki", url), ["app"]),
        Jenkins(Server("jenkins", url), "app"),
    ]


@pytest.mark.parametrize(
    "answer",
    [
        (200, b"<html>hello</html>"),
        (200, b"[]"),
        (200, b"null"),
        (200, b'{"status":"error"}'),
        (401, b"who are you"),
        (404, b""),
        (500, b"broken"),
    ],
)
def test_an_answer_of_no_use_is_unavailable_with_a_reason(
    answer: tuple[int, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "PAUSE_S", 0.01)
    with answering(answer) as (url, _):
        for source in sources_at(url):
            found = source.gather(WINDOW, Bound())
            assert found.status is CollectedStatus.UNAVAILABLE
            assert url in found.detail


@pytest.mark.parametrize(
    "answer", [b'{"status":"success","data":null}', b'{"status":"success","data":["app"]}', b'{"status":"success"}']
)
def test_data_of_an_unknown_shape_is_nothing(answer: bytes) -> None:
    with answering((200, answer)) as (url, _):
        for source in sources_at(url)[:2]:
            assert source.gather(WINDOW, Bound()).documents == ()


def test_what_passes_is_tried_again() -> None:
    with answering((503, b""), (429, b""), (200, b"{}")) as (url, told):
        assert Server("x", url).json("/") == {}
    assert len(told) == 3


def test_what_does_not_pass_is_not() -> None:
    with answering((401, b"no"), (200, b"{}")) as (url, told), pytest.raises(HttpError, match="answers 401: no"):
        Server("x", url).json("/")
    assert len(told) == 1


def test_a_body_is_bounded() -> None:
    with answering((200, b"x" * 100_000)) as (url, _):
        assert Server("x", url).get("/", most=1000) == (b"x" * 1000, True)
        with pytest.raises(HttpError, match="more than 1000 bytes"):
            Server("x", url).json("/", most=1000)


@pytest.mark.parametrize(
    ("environ", "header"),
    [
        ({}, ""),
        ({"BLISSFUL_LOKI_TOKEN": "t0ken"}, "Bearer t0ken"),
        ({"BLISSFUL_LOKI_USER": "me", "BLISSFUL_LOKI_PASSWORD": "x"}, "Basic bWU6eA=="),
        ({"BLISSFUL_LOKI_USER": "me", "BLISSFUL_LOKI_TOKEN": "x"}, "Basic bWU6eA=="),
        ({"BLISSFUL_JENKINS_TOKEN": "other"}, ""),
    ],
)
def test_credentials_come_from_the_environment_and_go_to_their_server_only(
    environ: dict[str, str], header: str
) -> None:
    with answering((200, b"{}")) as (url, told):
        Server("loki", url, environ).json("/")
    assert told == [header]


BUILDS = [
    {"number": n, "result": result, "timestamp": int((NOW - timedelta(minutes=30 - n)).timestamp() * 1000)}
    for n, result in enumerate(["FAILURE", "SUCCESS", "FAILURE", "UNSTABLE", None], start=1)
]
TESTS = {
    "suites": [
        {
            "cases": [
                {"className": "AppTest", "name": "greets", "status": "REGRESSION", "errorDetails": "expected\n200"},
                {"className": "AppTest", "name": "other", "status": "PASSED", "errorDetails": None},
            ]
        }
    ]
}


def test_the_consoles_of_builds_that_no_good_one_followed_are_read() -> None:
    consoles = {1: "old\n", 3: "error: cannot find symbol\r\n", 4: "tests failed\n"}
    with JenkinsStandIn("team/shop", BUILDS, consoles=consoles, tests={4: TESTS}, login="me:t0ken") as jenkins:
        environ = {"BLISSFUL_JENKINS_USER": "me", "BLISSFUL_JENKINS_TOKEN": "t0ken"}
        found = Jenkins(Server("jenkins", jenkins.url, environ), "team/shop").gather(WINDOW, Bound())
        refused = Jenkins(Server("jenkins", jenkins.url, {}), "team/shop").gather(WINDOW, Bound())
    texts = {document.path: document.text for document in found.documents}
    assert texts["ci/team%2Fshop-3.log"] == "error: cannot find symbol\n"
    assert texts["ci/team%2Fshop-4.log"] == "tests failed\n"
    assert texts["notes/jenkins-tests-4.txt"] == "test failed: AppTest.greets: expected 200\n"
    assert [line.split(": ")[1] for line in texts["notes/jenkins.txt"].splitlines()][-1] == "running, 0 s"
    assert len(texts) == 4
    assert refused.status is CollectedStatus.UNAVAILABLE
    assert "answers 403" in refused.detail
