"""How long `deploy` takes, the image present, against a bare play of the same apply and wait, and against kubectl."""

import json
import statistics
from itertools import cycle

from benchmarks.delivered import Delivered, Image, delivered_project, settled, why_not
from benchmarks.rows import Row, seconds_of
from blissful_infra.delivery.images.image import reference_of
from blissful_infra.delivery.kubernetes.manifests import Phases, in_phases
from blissful_infra.delivery.kustomizing import render
from blissful_infra.settings.reading import load_project

WHAT = "deploy, image present, one pod replaced"
RUNS = 5


def measure() -> list[Row]:
    if reason := why_not("deploy_direct"):
        return [Row(WHAT, reach=1.3, note=reason)]
    with delivered_project() as delivered:
        images = [delivered.image() for _ in range(3)]
        delivered.deploy(images[0])
        phases = {each.reference: _phases(delivered, each) for each in images}
        turns = cycle([images[1], images[2], images[0]])  # each run finds another image serving than its own
        ours, plays, kubectls = [], [], []
        for _ in range(RUNS):
            ours.append(settled(delivered, lambda: delivered.deploy(next(turns))))
            plays.append(settled(delivered, lambda: _play(delivered, phases[next(turns).reference])))
            kubectls.append(settled(delivered, lambda: _kubectl(delivered, phases[next(turns).reference])))
    seconds = statistics.median(ours)
    return [
        Row(
            WHAT, seconds, "a bare play of the same apply and wait", statistics.median(plays),
            statistics.median(a / b for a, b in zip(ours, plays, strict=True)), reach=1.3,
        ),
        Row(
            WHAT, seconds, "kubectl apply, kubectl rollout status", statistics.median(kubectls),
            statistics.median(a / b for a, b in zip(ours, kubectls, strict=True)),
        ),
    ]  # fmt: skip


def _phases(delivered: Delivered, image: Image) -> Phases:
    folder = delivered.project.folder
    found = render(folder, load_project(folder / "blissful-infra.yaml"), "staging", reference_of(image.reference))
    return in_phases(tuple(each for each in found if each["kind"] != "Namespace"))  # an administrator's


def _play(delivered: Delivered, phases: Phases) -> float:
    """The same objects through the same module, with its own waiting, which looks every second."""
    ours = {"field_manager": "bare", "force_conflicts": True}
    apply = {"context": delivered.context, "apply": True, "server_side_apply": ours, "wait": True, "wait_sleep": 1}
    play = {
        "hosts": "localhost",
        "connection": "local",
        "gather_facts": False,
        "tasks": [{"kubernetes.core.k8s": {**apply, "definition": [*phases.groundwork, *phases.serving]}}],
    }
    path = delivered.project.folder.parent / "bare.yml"
    path.write_text(json.dumps([play]))
    return seconds_of(["ansible-playbook", str(path)], cwd=path.parent, env=delivered.env)


def _kubectl(delivered: Delivered, phases: Phases) -> float:
    path = delivered.project.folder.parent / "objects.json"
    path.write_text(json.dumps({"apiVersion": "v1", "kind": "List", "items": [*phases.groundwork, *phases.serving]}))
    words = ["kubectl", "--context", delivered.context, "-n", delivered.project.namespace]
    applied = delivered.run(*words, "apply", "--server-side", "--force-conflicts", "-f", str(path))
    return applied + delivered.run(*words, "rollout", "status", "deployment/my-service")
