"""How long `status` takes on a stack that is up on Docker, against `docker compose ps`."""

import subprocess

from benchmarks.project import measured_project
from benchmarks.rows import Row, alternating, seconds_of
from blissful_infra.paths import stack_id
from tests.engines.docker import image_overrides, why_not

WHAT = "status on docker, fastapi + Postgres"


def measure() -> Row:
    if reason := why_not():
        return Row(WHAT, reach_seconds=1.0, note=reason)
    with measured_project() as project:
        project.create("--template", "fastapi", "--no-kafka")
        project.configure(runtime="docker", images=image_overrides())
        project.run("blissful-infra", "up")
        listing = ["docker", "compose", "--project-name", f"measured-{stack_id(project.folder)}", "ps"]
        seen = subprocess.run([*listing, "--quiet"], capture_output=True, text=True, check=True)
        if len(seen.stdout.split()) != 2:
            raise RuntimeError(f"`docker compose ps` should list two containers: {seen.stdout!r}")
        ours, peer, ratio = alternating(
            lambda: project.run("blissful-infra", "status"), lambda: seconds_of(listing, env=project.env), runs=7
        )
    return Row(WHAT, ours, "docker compose ps", peer, ratio, reach_seconds=1.0)
