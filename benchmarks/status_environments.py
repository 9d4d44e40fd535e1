"""How long `status --envs` takes over four environments and twenty previews that all serve."""

import json
import os
import statistics
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import yaml

from benchmarks.delivered import Delivered, Image, delivered_project, why_not
from benchmarks.rows import Row
from blissful_infra.delivery.images.image import reference_of
from blissful_infra.delivery.kustomizing import render
from blissful_infra.delivery.previews.preview import Subject, environment_name
from blissful_infra.delivery.previews.previews import Previews
from blissful_infra.settings.reading import load_project
from tests.delivery.conftest import kubectl

WHAT = "status over 4 environments and 20 previews"
ENVIRONMENTS = ("staging", "second", "third", "fourth")
PREVIEWS = 20
RUNS = 7


def measure() -> Row:
    if reason := why_not("status_environments"):
        return Row(WHAT, reach_seconds=2, note=reason)
    name = f"shop-{uuid.uuid4().hex[:6]}"
    with delivered_project(administrator=True, name=name) as delivered, _all_serving(delivered, name):
        said = json.loads(delivered.lines("blissful-infra", "status", "--envs", "-o", "json")[0])
        health = [each["health"] for each in (*said["environments"], *said["previews"])]
        if health != ["healthy"] * (len(ENVIRONMENTS) + PREVIEWS):
            raise RuntimeError(f"all of them should serve: {health}")
        took = [delivered.run("blissful-infra", "status", "--envs") for _ in range(RUNS)]
    return Row(WHAT, statistics.median(took), reach_seconds=2)


@contextmanager
def _all_serving(delivered: Delivered, name: str) -> Iterator[None]:
    """Four environments with a release each, and previews; all gone afterwards."""
    project = delivered.project
    settings = project.folder / "blissful-infra.yaml"
    document = yaml.safe_load(settings.read_text())
    staging = document["environments"]["staging"]
    spaces = {each: f"{project.namespace}-{each}" for each in ENVIRONMENTS[1:]}
    more = {each: {**staging, "namespace": space, "overlay": "staging"} for each, space in spaces.items()}
    with settings.open("a") as file:
        file.writelines(f"  {each}: {json.dumps(one)}\n" for each, one in more.items())
        domain = f"{os.environ.get('BLISSFUL_TEST_INGRESS') or '127.0.0.1'}.nip.io"
        places = {"cluster": staging["cluster"], "domain": domain, "max": PREVIEWS}
        file.write(f"previews: {json.dumps(places)}\n")
    try:
        image = delivered.image()
        for environment in ENVIRONMENTS:
            words = ["--env", environment, "--image", image.reference, "--ref", image.revision]
            delivered.run("blissful-infra", "deploy", *words)
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda number: _preview(delivered, number, image), range(1, PREVIEWS + 1)))
        labelled = ["-l", f"app.kubernetes.io/name={name}", "--all-namespaces"]
        kubectl("wait", "deployment", *labelled, "--for=condition=Available", "--timeout=300s")
        yield
    finally:
        kubectl("delete", "namespace", "--wait=false", "-l", f"blissful-infra.dev/project={name}")
        kubectl("delete", "namespace", "--wait=false", "--ignore-not-found", *spaces.values())


def _preview(delivered: Delivered, number: int, image: Image) -> None:
    """A preview's namespace, and what a deploy would apply there."""
    folder = delivered.project.folder
    config = load_project(folder / "blissful-infra.yaml")
    opened = Previews(config).open(Subject(pr=number), owner="bench", ttl=None, now=time.time(), timeout_s=60)
    assert opened is not None
    objects = render(folder, config, environment_name(opened.name), reference_of(image.reference))
    kept = [each for each in objects if each["kind"] != "Namespace"]
    kubectl("apply", "--server-side", "-f", "-", stdin=yaml.safe_dump_all(kept))
