"""How long `up` takes on Docker, its images built, against a bare playbook with the same Compose task that waits."""

import json
import os
from pathlib import Path

from benchmarks.project import DOWN, measured_project
from benchmarks.rows import Row, alternating, seconds_of
from blissful_infra.paths import stack_id
from tests.engines.docker import image_overrides, why_not

WHAT = "up on docker, images built, fastapi + Postgres + Kafka"


def measure() -> Row:
    if reason := why_not():
        return Row(WHAT, reach=1.3, note=reason)
    with measured_project() as project:
        project.create("--template", "fastapi", "--kafka")
        project.configure(runtime="docker", images=image_overrides())
        project.run("blissful-infra", "up")
        scratch = project.folder.parent
        bare = ["ansible-playbook", str(_bare_playbook(project.folder, scratch)), "-e"]

        def ours() -> float:
            project.run(*DOWN)
            return project.run("blissful-infra", "up")

        def peer() -> float:
            project.run(*DOWN)
            took = seconds_of([*bare, "state=present"], cwd=scratch, env=project.env)
            seconds_of([*bare, "state=absent"], cwd=scratch, env=project.env)
            return took

        seconds, peer_seconds, ratio = alternating(ours, peer, runs=3, warm_up=0)
    return Row(WHAT, seconds, "bare playbook, same Compose task", peer_seconds, ratio, reach=1.3)


def _bare_playbook(project: Path, scratch: Path) -> Path:
    """The same project, files and variables through the same module, waiting for health by Compose's own means."""
    given = project / ".blissful/docker"
    swapped = given / "images.json"
    task = {
        "project_src": str(project),
        "project_name": f"measured-{stack_id(project)}",
        "files": [str(project / "compose.yaml"), *([str(swapped)] if swapped.exists() else [])],
        "env_files": [str(given / "compose.env"), str(project / ".blissful/secrets.env")],
        "docker_host": os.environ.get("DOCKER_HOST", "unix:///var/run/docker.sock"),
        "state": "{{ state }}",
        "remove_volumes": True,
        "wait": True,
        "build": "never",
    }
    play = {
        "hosts": "localhost",
        "connection": "local",
        "gather_facts": False,
        "tasks": [{"community.docker.docker_compose_v2": task}],
    }
    path = scratch / "bare.yml"
    path.write_text(json.dumps([play]))
    return path
