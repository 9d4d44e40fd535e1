"""Records cases of releases that fail on a real cluster: breaks a project's second release, keeps its support bundle.

    eval "$(tests/cluster/cluster.sh up git argocd)"
    python -m tests.cases.record_delivery [CASE...]      (all without a name)

The bundle and the label are written to `delivery/<case>` beside this file.
"""

import shutil
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.cases.recording import label, record_those_named
from tests.delivery.conftest import INSIDE, Project, a_project, kubectl
from tests.delivery.test_gitops import delivered, forget, known

CASES = Path(__file__).parent / "delivery"
SERVICE = "my-service"
LONGEST_DIFF = 20_000
NOTHING: Callable[[Project], None] = lambda project: None  # noqa: E731 - a default of the table below


@dataclass(frozen=True)
class Fault:
    """How the second release is broken, and the right answer; `program` is the fault that the image has."""

    title: str
    alert: str
    category: str
    mention: tuple[str, ...] = ()
    program: str = ""
    change: Callable[[Project], None] = NOTHING
    missing_image: bool = False
    argocd: bool = False
    database: str = "none"
    words: tuple[str, ...] = ("--timeout", "60")
    culprits: tuple[str, ...] = field(default=(SERVICE,))


def _a_missing_config_map(project: Project) -> None:
    deployment = project.folder / "deploy/base/deployment.yaml"
    text = deployment.read_text()
    deployment.write_text(text.replace("envFrom:\n", "envFrom:\n            - configMapRef: { name: mail-settings }\n"))


def _a_quota_of_one_pod(project: Project) -> None:
    limits = project.folder / "deploy/overlays/staging/limits.yaml"
    limits.write_text(limits.read_text().replace('pods: "30"', 'pods: "1"'))


FAULTS = {
    "release-crash": Fault(
        "The release does not come up", "my-service in staging restarts", "crash-loop", ("no such setting",), "crash"
    ),
    "release-out-of-memory": Fault(
        "The release does not come up", "my-service in staging restarts", "oom-killed", ("OOMKilled|memory",), "memory"
    ),
    "release-never-ready": Fault(
        "The release hangs", "the rollout of my-service in staging hangs", "probe-failing", ("eadiness",), "readiness"
    ),
    "release-image-missing": Fault(
        "The release hangs", "the rollout of my-service in staging hangs", "image-pull", ("ImagePullBackOff",),
        missing_image=True,
    ),
    "release-config-map-missing": Fault(
        "The release hangs", "the rollout of my-service in staging hangs", "configuration-missing", ("mail-settings",),
        change=_a_missing_config_map,
    ),
    "release-quota-exceeded": Fault(
        "The release hangs", "the rollout of my-service in staging hangs", "quota-exceeded", ("quota",),
        change=_a_quota_of_one_pod, culprits=(SERVICE, "environment"),
    ),
    "release-migration-failed": Fault(
        "The release stopped", "the migration of my-service in staging failed", "migration-failed",
        ("greeting",), "migration", database="postgres", culprits=(f"{SERVICE}-migrate", SERVICE),
    ),
    "release-crash-under-argocd": Fault(
        "Argo CD: my-service is Degraded", "the Application of my-service in staging is not healthy", "crash-loop",
        ("no such setting",), "crash", argocd=True,
    ),
    "healthy-second-release": Fault(
        "Was the last release all right?", "somebody asks after a deploy of my-service", "healthy", culprits=()
    ),
}  # fmt: skip


def record(name: str, fault: Fault) -> None:
    """Make one fault and write its case; nothing of it stays in the cluster, whatever happened."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "project"
        make = delivered if fault.argocd else a_project
        project = make(folder, database=fault.database)
        try:
            if fault.argocd:
                known(project)
            if fault.database != "none":
                secret = ["create", "secret", "generic", f"{SERVICE}-backing", "--from-literal=POSTGRES_HOST=nowhere"]
                kubectl("-n", project.namespace, *secret)
            first = project.deploy(project.image())
            assert first.returncode == 0, first.stderr
            fault.change(project)
            image = project.image(fault.program)
            if fault.missing_image:
                image = f"{image.partition('@')[0]}@sha256:{'0' * 64}"
            done = project.deploy(image, *fault.words)
            assert (done.returncode == 0) == (fault.category == "healthy"), done.stderr
            kept = project.call("support-bundle", "--env", "staging", "--output", f"{scratch}/bundle")
            assert kept.returncode == 0, kept.stderr
            keep(Path(scratch), name, fault, project)
        finally:
            if fault.argocd:
                with suppress(AssertionError):
                    forget(project)
            kubectl("delete", "namespace", project.namespace, "--wait=false", "--ignore-not-found")


def keep(scratch: Path, name: str, fault: Fault, project: Project) -> None:
    """The bundle with its question, without names of this cluster and machine; and its label."""
    bundle = CASES / name
    shutil.rmtree(bundle, ignore_errors=True)
    shutil.copytree(scratch / "bundle", bundle)
    registry, node = INSIDE, kubectl("get", "nodes", "-o", "jsonpath={.items[0].status.addresses[0].address}")
    shown = {
        str(scratch): "/home/sam",
        f"deployer-of-{project.namespace}": "staging",
        project.namespace: f"{SERVICE}-staging",
        registry: "registry.example",
        registry.partition(":")[0]: "registry.example",
        node: "10.0.0.2",
    }
    for file in bundle.rglob("*"):
        if file.is_file():
            text = file.read_text(errors="replace")
            if file.suffix == ".diff" and len(text) > LONGEST_DIFF:
                file.unlink()  # the whole project, as the template made it
                continue
            if file.name == "runs.txt":  # what the agent said already is no evidence
                text = "".join(f"{line.partition(' | finding:')[0].rstrip()}\n" for line in text.splitlines())
            for before, after in shown.items():
                text = text.replace(before, after)
            file.write_text(text)
    expected: dict[str, Any] = {"culprits": list(fault.culprits), "category": fault.category}
    if fault.mention:
        expected["must_mention"] = list(fault.mention)
    label(bundle, fault.title, fault.alert, expected)


if __name__ == "__main__":
    sys.exit(record_those_named(__doc__, FAULTS, record))
