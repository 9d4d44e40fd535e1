"""A small GitHub: it checks requests against the documented schema, and branches against a real bare repository."""

import json
import re
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from jsonschema import Draft7Validator

SCHEMA = json.loads((Path(__file__).parent / "fixtures" / "github" / "create-pull-request.json").read_text())
REPOSITORY = re.compile(r"/repos/(?P<owner>[\w.-]+)/(?P<name>[\w.-]+)(?P<rest>/pulls)?")


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: "_Server"

    def do_GET(self) -> None:
        if not self._allowed():
            return
        found = REPOSITORY.fullmatch(urlsplit(self.path).path)
        if found is None or found["name"] != self.server.name:
            self._answer(404, {"message": "Not Found"})
        elif found["rest"]:
            wanted = parse_qs(urlsplit(self.path).query)["head"][0]
            self._answer(200, [one for one in self.server.pulls if f"{found['owner']}:{one['head']}" == wanted])
        else:
            self._answer(200, {"full_name": f"{found['owner']}/{found['name']}", "default_branch": "main"})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if not self._allowed():
            return
        if self.headers["Content-Type"] != "application/json" or not self.path.endswith("/pulls"):
            self._answer(404, {"message": "Not Found"})
            return
        asked = json.loads(body)
        problems = [error.message for error in Draft7Validator(SCHEMA).iter_errors(asked)]
        if not problems and any(one["head"] == asked["head"] for one in self.server.pulls):
            problems = [f"A pull request already exists for acme:{asked['head']}."]
        if not problems and not self._has_branch(asked["head"]):
            problems = ["head is invalid"]
        if problems:
            errors = [{"resource": "PullRequest", "code": "custom", "message": one} for one in problems]
            self._answer(422, {"message": "Validation Failed", "errors": errors})
            return
        number = 142 + len(self.server.pulls)
        made = {"number": number, "html_url": f"https://github.example/acme/shop/pull/{number}", **asked}
        self.server.pulls.append(made)
        self._answer(201, made)

    def _has_branch(self, branch: str) -> bool:
        command = ["git", "--git-dir", str(self.server.bare), "rev-parse", "--verify", f"refs/heads/{branch}"]
        return subprocess.run(command, capture_output=True).returncode == 0

    def _allowed(self) -> bool:
        if self.server.fault:
            self._answer(self.server.fault, {"message": "so it is"})
        elif self.headers["Authorization"] != "Bearer a-good-token":
            self._answer(401, {"message": "Bad credentials"})
        elif self.headers["Accept"] != "application/vnd.github+json" or not self.headers["User-Agent"]:
            self._answer(403, {"message": "Request forbidden by administrative rules"})
        elif self.headers["X-GitHub-Api-Version"] != "2022-11-28":
            self._answer(400, {"message": "unsupported version"})
        else:
            return True
        return False

    def _answer(self, status: int, body: Any) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Quiet."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    name = "shop"

    def __init__(self, bare: Path, fault: int) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.bare, self.fault = bare, fault
        self.pulls: list[dict[str, Any]] = []


class GitHubStandIn:
    """A real HTTP server for the repository `acme/shop`, its branches in a bare repository; `fault` is a status."""

    def __init__(self, bare: Path, fault: int = 0) -> None:
        self._server = _Server(bare, fault)
        self.pulls = self._server.pulls
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def with_remote(folder: Path, bare: Path) -> None:
    """Give a repository a remote at github.example whose pushes go into a bare repository on this machine."""
    for arguments in (
        ["git", "init", "--quiet", "--bare", str(bare)],
        ["git", "-C", str(folder), "remote", "add", "origin", "https://github.example/acme/shop.git"],
        ["git", "-C", str(folder), "config", f"url.{bare.as_uri()}.insteadOf", "https://github.example/acme/shop.git"],
    ):
        subprocess.run(arguments, check=True, capture_output=True)
