"""How long `up` takes on Docker, its images built, against a bare playbook with the same Compose task that waits."""

import json
import os
import subprocess
import tempfile
from pathlib import Path

from benchmarks.rows import Row, alternating, plain_environment, seconds_of
from blissful_infra.paths import stack_id
from tests.engines.docker import image_overrides, why_not
from tests.ports import free_ports

WHAT = "up on docker, images built, fastapi + Postgres + Kafka"


def measure() -> Row:
    if reason := why_not():
        return Row(WHAT, reach=1.3, note=reason)
    with tempfile.TemporaryDirectory() as scratch:
        env = {**plain_environment(), "XDG_STATE_HOME": f"{scratch}/state"}
        project = Path(scratch) / "measured"
        create = ["blissful-infra", "create", "measured", "--template", "fastapi", "--kafka", "--no-input"]
        seconds_of(create, cwd=project.parent, env=env)
        _use_own_images(project)
        down = ["blissful-infra", "down", "--volumes", "--yes"]
        try:
            seconds_of(["blissful-infra", "up"], cwd=project, env=env)
            playbook = _bare_playbook(project, Path(scratch))
            bare = ["ansible-playbook", str(playbook), "-e"]

            def ours() -> float:
                seconds_of(down, cwd=project, env=env)
                return seconds_of(["blissful-infra", "up"], cwd=project, env=env)

            def peer() -> float:
                seconds_of(down, cwd=project, env=env)
                took = seconds_of([*bare, "state=present"], cwd=Path(scratch), env=env)
                seconds_of([*bare, "state=absent"], cwd=Path(scratch), env=env)
                return took

            seconds, peer_seconds, ratio = alternating(ours, peer, runs=3, warm_up=0)
        finally:
            subprocess.run(down, cwd=project, env=env, capture_output=True, check=False)
    return Row(WHAT, seconds, "bare playbook, same Compose task", peer_seconds, ratio, reach=1.3)


def _use_own_images(project: Path) -> None:
    """Free ports, and the images that can be had here."""
    from ruamel.yaml import YAML

    yaml = YAML()
    file = project / "blissful-infra.yaml"
    document = yaml.load(file)
    (document["services"]["app"]["port"],) = free_ports(1)
    document["images"] = image_overrides()
    document["runtime"] = "docker"
    yaml.dump(document, file)


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
