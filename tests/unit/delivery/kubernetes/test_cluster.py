"""Who the cluster is told it speaks to, and what a refusal says; the API is a stand-in for one that needs a token."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import yaml

from blissful_infra.delivery.kubernetes.cluster import Cluster, ClusterRefusedError, ForbiddenError
from blissful_infra.delivery.kubernetes.namespacing import home_of
from blissful_infra.delivery.kubernetes.rights import right_of
from blissful_infra.settings.model import Environment


class Api(BaseHTTPRequestHandler):
    """Answers whoever brings the token, and lets nobody patch."""

    def do_GET(self) -> None:
        if self.headers.get("Authorization") != "Bearer secret":
            return self._say(401, {"message": "Unauthorized", "reason": "Unauthorized"})
        return self._say(200, {"metadata": {"name": "shop", "labels": {"a": "1"}}, "resources": KINDS})

    def do_PATCH(self) -> None:
        message = 'namespaces "shop" is forbidden: User "system:serviceaccount:shop:d" cannot patch resource'
        self._say(403, {"message": message, "reason": "Forbidden"})

    def _say(self, status: int, document: object) -> None:
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None: ...


KINDS = [{"kind": "Namespace", "name": "namespaces", "namespaced": False}]


@pytest.fixture
def api() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Api)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def cluster(folder: Path, api: str, token: str, monkeypatch: pytest.MonkeyPatch) -> Cluster:
    settings = {
        "clusters": [{"name": "c", "cluster": {"server": api}}],
        "users": [{"name": "u", "user": {"token": token}}],
        "contexts": [{"name": "here", "context": {"cluster": "c", "user": "u"}}],
        "current-context": "none",
    }
    (folder / "kubeconfig").write_text(yaml.safe_dump(settings))
    monkeypatch.setenv("KUBECONFIG", str(folder / "kubeconfig"))
    return Cluster(Environment(cluster="here", namespace="shop"))


def test_the_token_of_the_kubeconfig_is_sent(tmp_path: Path, api: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert cluster(tmp_path, api, "secret", monkeypatch).get("/api/v1/namespaces/shop")
    with pytest.raises(ClusterRefusedError) as caught:
        cluster(tmp_path, api, "other", monkeypatch).get("/api/v1/namespaces/shop")
    assert "auth whoami" in str(caught.value.hint)


def test_a_refused_right_is_named(tmp_path: Path, api: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ForbiddenError, match="patch configmaps a in the namespace shop"):
        cluster(tmp_path, api, "secret", monkeypatch).merge("/api/v1/namespaces/shop/configmaps/a", {})


def test_a_namespace_that_may_not_be_changed_stays_and_what_it_lacks_is_said(
    tmp_path: Path, api: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop", "labels": {"a": "1", "b": "2"}}}
    home = home_of(cluster(tmp_path, api, "secret", monkeypatch), [wanted])
    assert (home.exists, home.kept) == (True, True)
    assert home.notices == ("the namespace shop may not be changed, and lacks b=2",)
    assert home.applied([wanted]) == ()


@pytest.mark.parametrize(
    ("method", "path", "words"),
    [
        ("POST", "/api/v1/namespaces", "create namespaces in the whole cluster"),
        ("DELETE", "/api/v1/namespaces/shop", "delete namespaces shop in the namespace shop"),
        ("GET", "/api/v1/namespaces/shop/pods/a/log", "get pods/log a in the namespace shop"),
        ("PUT", "/apis/coordination.k8s.io/v1/namespaces/shop/leases/l", "update leases.coordination.k8s.io l in the"),
        ("GET", "/apis/apps/v1", "get /apis/apps/v1 in the whole cluster"),
    ],
)
def test_the_right_that_a_request_needs(method: str, path: str, words: str) -> None:
    assert words in str(right_of(method, path))
