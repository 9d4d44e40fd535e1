"""Writes and drives a project of one application and one Redis."""

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import docker
import httpx

from blissful_infra.paths import stack_id
from tests.engines.docker import IMAGES, own_images

APPLICATION = """
import http.server, json, os

class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = json.dumps({"status": "UP", "version": "0.1.0", "revision": os.environ["GIT_REVISION"]}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass

print(json.dumps({"log": {"level": "info"}, "message": "started"}), flush=True)
http.server.HTTPServer(("0.0.0.0", 8080), Handler).serve_forever()
"""

DOCKERFILE = """
ARG RUNTIME_IMAGE=python:3.12-slim
FROM ${RUNTIME_IMAGE}
WORKDIR /app
COPY app.py .
USER 1000
CMD ["python", "app.py"]
"""

COMPOSE = """
services:
  redis:
    image: redis:8
    ports: ["127.0.0.1:${REDIS_PORT:-6379}:6379"]
    volumes: [redis:/data]
    healthcheck: {test: [CMD, redis-cli, ping], interval: 1s, retries: 30}
  app:
    build:
      context: .
      args: {RUNTIME_IMAGE: "${RUNTIME_IMAGE:-python:3.12-slim}", GIT_REVISION: "${GIT_REVISION:-unknown}"}
    init: true
    environment: {GIT_REVISION: "${GIT_REVISION:-unknown}"}
    ports: ["127.0.0.1:${APP_PORT:-8080}:8080"]
    depends_on: {redis: {condition: service_healthy}}
"""

VOLUMES = """
volumes: {redis: }
"""

OFFICIAL = {"redis:8": IMAGES["redis"], "python:3.12-slim": IMAGES["python"]}


class SmallProject:
    """The project in one folder; `environ` holds what its commands run with."""

    def __init__(self, folder: Path, environ: Mapping[str, str]) -> None:
        self.folder = folder
        self.environ = dict(environ)

    def write(
        self, port: int, *, services: str = "", dockerfile: str = DOCKERFILE, application: str = APPLICATION
    ) -> None:
        """Write every file; `services` are more lines of compose.yaml."""
        self.folder.mkdir(parents=True)
        config = {
            "name": "small",
            "services": {"app": {"port": port, "run": "python app.py", "needs": ["redis"]}},
            "backing": {"redis": {"version": "8"}},
            "runtime": "docker",
            "images": OFFICIAL if own_images() else {},
        }
        (self.folder / "blissful-infra.yaml").write_text(json.dumps(config, indent=2))
        (self.folder / "compose.yaml").write_text(COMPOSE + services + VOLUMES)
        (self.folder / "Dockerfile").write_text(dockerfile)
        (self.folder / ".dockerignore").write_text(".blissful\n")
        (self.folder / "app.py").write_text(application)

    def cli(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["blissful-infra", *arguments],
            cwd=self.folder, env=self.environ, text=True, capture_output=True, timeout=110, check=False,
        )  # fmt: skip

    def up(self) -> subprocess.CompletedProcess[str]:
        done = self.cli("up")
        assert done.returncode == 0, done.stderr
        return done

    def status(self) -> dict[str, dict[str, Any]]:
        """What `status` says, by service."""
        (stack,) = json.loads(self.cli("status", "-o", "json").stdout)["stacks"]
        return {service["name"]: service for service in stack["services"]}

    def get(self, path: str = "/health") -> httpx.Response:
        port = self.status()["app"]["port"]
        return httpx.get(f"http://127.0.0.1:{port}{path}", timeout=5, trust_env=False)

    @property
    def compose_project(self) -> str:
        return f"small-{stack_id(self.folder)}"

    def containers(self) -> dict[str, str]:
        """The project's containers: the id, by service."""
        client = docker.from_env()
        try:
            label = f"com.docker.compose.project={self.compose_project}"
            found = client.containers.list(all=True, filters={"label": label})
            return {container.labels["com.docker.compose.service"]: str(container.id) for container in found}
        finally:
            client.close()
