"""From `env create` to the first good answer through the Ingress, Postgres in the preview's own namespace."""

import os
import re
import subprocess
import time
from pathlib import Path

from benchmarks.delivered import delivered_project, why_not
from benchmarks.rows import Row
from tests.delivery.conftest import INSIDE, Project, kubectl
from tests.delivery.test_previews import with_previews
from tests.engines.postgres_image import put_postgres

WHAT = "env create to the first good answer, with Postgres"
STEPS = {
    "namespace": r"^The preview ",
    "plan": r"^Deploying release ",
    "Postgres ready": r"StatefulSet/\S+ ready",
    "migrated": r"Job/\S+ done",
    "pod ready": r"Deployment/\S+: ",
    "revision serves": r"serves [0-9a-f]{40}",
    "command ended": "",
}


def measure() -> Row:
    if reason := why_not("preview", **{"an ingress": "BLISSFUL_TEST_INGRESS"}):
        return Row(WHAT, reach_seconds=60, note=reason)
    with delivered_project(_project, _forget) as delivered:
        image = delivered.image()
        words = ["env", "create", "--pr", "1", "--image", image.reference, "--ref", image.revision]
        began = time.perf_counter()
        at: dict[str, float] = {}
        steps = dict(STEPS)
        with subprocess.Popen(
            ["blissful-infra", *words],
            cwd=delivered.project.folder,
            env=delivered.env,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as child:
            assert child.stderr is not None
            assert child.stdout is not None
            said = []
            for line in child.stderr:
                said.append(line)
                for step, pattern in tuple(steps.items()):
                    if pattern and re.search(pattern, line):
                        at[step] = time.perf_counter() - began
                        del steps[step]
            url = child.stdout.read().strip()
        if child.returncode != 0:
            raise RuntimeError("".join(said)[-2000:])
        at["command ended"] = time.perf_counter() - began
        _ask(url, os.environ["BLISSFUL_TEST_INGRESS"])
        at["answered"] = seconds = time.perf_counter() - began
    before = [0.0, *at.values()]
    parts = ", ".join(f"{step} {now - then:.1f} s" for (step, now), then in zip(at.items(), before, strict=False))
    return Row(WHAT, seconds, reach_seconds=60, note=parts)


def _project(folder: Path) -> Project:
    project, name = with_previews(folder, database="postgres")
    put_postgres(os.environ["BLISSFUL_TEST_REGISTRY"], f"{name}/postgres")
    with (folder / "blissful-infra.yaml").open("a") as file:
        file.write(f"images: {{'postgres:18': '{INSIDE}/{name}/postgres:18'}}\n")
    return project


def _forget(project: Project) -> None:
    name = project.folder.joinpath("blissful-infra.yaml").read_text().partition("name: ")[2].split()[0]
    kubectl("delete", "namespace", "--wait=false", "-l", f"blissful-infra.dev/project={name}")


def _ask(url: str, address: str) -> None:
    """`curl` until it gets a 200; the name is resolved here, whatever DNS there is."""
    host = url.removeprefix("http://")
    words = ["curl", "--silent", "--fail", "--resolve", f"{host}:80:{address}", "--retry", "100", "--retry-delay", "0"]
    subprocess.run([*words, "--retry-all-errors", f"{url}/hello"], check=True, capture_output=True, timeout=60)
