"""The ApplicationSet for previews under Argo CD's own controller: an Application comes and goes with a pull request."""

import json
import os
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.delivery.conftest import Project, kubectl
from tests.delivery.test_gitops import delivered, forget, known
from tests.missing import missing
from tests.ports import free_ports
from tests.templates.rendering import git

pytestmark = [pytest.mark.needs_cluster, pytest.mark.slow, pytest.mark.timeout(600)]

PREVIEW = "my-service-pr-7"


class _Pulls(BaseHTTPRequestHandler):
    """The open pull requests of one repository, as GitHub lists them."""

    pulls: list[dict[str, Any]]

    def do_GET(self) -> None:
        found = self.path.partition("?")[0] == "/api/v3/repos/team/my-service/pulls"
        body = json.dumps(self.pulls if found else {"message": "Not Found"}).encode()
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: object) -> None:
        """Nothing: the test tells what it sees."""


@contextmanager
def github(sha: str) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Where it answers, and its pull requests, which may change."""
    head = {"sha": sha, "ref": "feature"}
    labels = [{"name": "preview"}]
    pulls = [
        {"number": 7, "title": "t", "head": head, "base": {"ref": "main"}, "labels": labels, "user": {"login": "a"}}
    ]
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Pulls", (_Pulls,), {"pulls": pulls}))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/", pulls
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def controller(folder: Path) -> Iterator[None]:
    """Argo CD's ApplicationSet controller: the same program by another name."""
    program = shutil.which("argocd") or missing("no argocd on PATH")
    name = folder / "argocd-applicationset-controller"
    name.symlink_to(Path(program).resolve())
    metrics, probe, webhook = (f"127.0.0.1:{port}" for port in free_ports(3))
    words: list[str | Path] = [
        name,
        "--namespace",
        "argocd",
        "--kubeconfig",
        os.environ["KUBECONFIG"],
        "--metrics-addr",
        metrics,
    ]
    words += ["--probe-addr", probe, "--webhook-addr", webhook, "--repo-server-plaintext"]
    with (folder / "controller.log").open("w") as log:
        process = subprocess.Popen(
            words, stdout=log, stderr=subprocess.STDOUT, env={**os.environ, "NAMESPACE": "argocd"}
        )
    try:
        yield
    finally:
        process.terminate()
        process.wait(30)


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    found = delivered(tmp_path / "project")
    yield found
    kubectl("-n", "argocd", "delete", "applicationset", "my-service-previews", "--ignore-not-found", "--wait=false")
    kubectl("-n", "argocd", "delete", "application", PREVIEW, "--ignore-not-found", "--wait=false")
    forget(found)
    kubectl("delete", "namespace", PREVIEW, "--ignore-not-found", "--wait=false")


def applications() -> dict[str, dict[str, Any]]:
    found = json.loads(kubectl("-n", "argocd", "get", "applications", "-o", "json"))["items"]
    return {each["metadata"]["name"]: each for each in found}


def test_an_application_comes_and_goes_with_its_pull_request(project: Project, tmp_path: Path) -> None:
    known(project)
    printed = project.call("argocd", "app", "--previews", "team/my-service")
    assert printed.returncode == 0, printed.stderr
    sha = git(project.folder, "rev-parse", "HEAD")
    with github(sha) as (api, pulls), controller(tmp_path):
        objects = list(yaml.safe_load_all(printed.stdout))
        for each in objects:
            if each["kind"] == "ApplicationSet":  # a GitHub of one's own, without a token, asked more often
                asked = each["spec"]["generators"][0]["pullRequest"]
                asked["requeueAfterSeconds"] = 3
                asked["github"]["api"] = api
                del asked["github"]["tokenRef"]
        kubectl("apply", "--server-side", "--force-conflicts", "-f", "-", stdin=yaml.safe_dump_all(objects))
        deadline = time.monotonic() + 120
        log = tmp_path / "controller.log"
        while (applications().get(PREVIEW, {}).get("status") or {}).get("sync", {}).get("revision") != sha:
            assert time.monotonic() < deadline, (applications().get(PREVIEW), log.read_text()[-3000:])
            time.sleep(1)
        made = applications()[PREVIEW]["spec"]
        assert made["source"]["targetRevision"] == sha
        assert made["source"]["kustomize"]["images"][0].endswith(f":{sha}")
        while "my-service" not in kubectl("-n", PREVIEW, "get", "deployments", "-o", "name"):
            assert time.monotonic() < deadline, applications()[PREVIEW]["status"]
            time.sleep(1)
        pulls.clear()  # the pull request is merged
        while PREVIEW in applications():
            assert time.monotonic() < deadline + 60, log.read_text()[-3000:]
            time.sleep(1)
        assert "deployment" not in kubectl("-n", PREVIEW, "get", "deployments", "-o", "name")
