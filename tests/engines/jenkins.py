"""A stand-in for Jenkins: a real HTTP server with the remote access API of one job, which refuses what Jenkins would.

Answers `api/json?tree=...` with the properties that the tree names and no other, `consoleText`, and
`testReport/api/json` (404 for a build without tests), as https://www.jenkins.io/doc/book/using/remote-access-api/ says.
"""

import base64
import json
import re
import threading
from collections.abc import Mapping, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit


class JenkinsStandIn:
    """Serves `job` (`team/app`) with these builds; `consoles` and `tests` are by build number."""

    def __init__(
        self,
        job: str,
        builds: Sequence[Mapping[str, Any]],
        *,
        consoles: Mapping[int, str] | None = None,
        tests: Mapping[int, Mapping[str, Any]] | None = None,
        login: str = "",
    ) -> None:
        self._base = "".join(f"/job/{part}" for part in job.split("/"))
        self._builds = sorted(builds, key=lambda build: -build["number"])
        self._consoles, self._tests, self._login = consoles or {}, tests or {}, login
        stand_in = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                status, body = stand_in.answer(self.path, self.headers.get("Authorization", ""))
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def answer(self, target: str, authorization: str) -> tuple[int, bytes]:
        """The status and the body."""
        if self._login and authorization != f"Basic {base64.b64encode(self._login.encode()).decode()}":
            return 403, b"Authentication required"
        parts = urlsplit(target)
        tree = parse_qs(parts.query).get("tree", [""])[0]
        path = parts.path.removeprefix(self._base)
        if path == "/api/json" and parts.path.startswith(self._base):
            named = re.fullmatch(r"builds\[([\w,\[\]]+)\]\{0,(\d+)\}", tree)
            if named is None:
                return 400, b"no tree"
            keys = re.sub(r"\[.*?\]+", "", named[1]).split(",")
            builds = [{key: build.get(key) for key in keys} for build in self._builds[: int(named[2])]]
            return 200, json.dumps({"_class": "hudson.model.FreeStyleProject", "builds": builds}).encode()
        found = re.fullmatch(r"/(\d+)/(consoleText|testReport/api/json)", path)
        if found and found[2] == "consoleText" and int(found[1]) in self._consoles:
            return 200, self._consoles[int(found[1])].encode()
        if found and found[2] != "consoleText" and int(found[1]) in self._tests:
            return 200, json.dumps(self._tests[int(found[1])]).encode()
        return 404, b"Not Found"

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
