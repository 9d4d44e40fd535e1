"""A project in namespaces of a real cluster for the benchmarks that deliver, gone whatever happens."""

import os
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.rows import plain_environment, seconds_of
from blissful_infra.settings.reading import load_project
from tests.delivery.conftest import Project, a_project, kubectl

HOW = "`scripts/with-engine.sh cluster python -m benchmarks {name}` runs it"


def why_not(name: str, **parts: str) -> str | None:
    """Why there is no cluster to measure on, and the command that has one; `parts` maps a part to its variable."""
    variables = {"a cluster": "KUBECONFIG", "its registry": "BLISSFUL_TEST_REGISTRY", **parts}
    if lacking := [part for part, variable in variables.items() if not os.environ.get(variable)]:
        return f"needs {', '.join(lacking)}: {HOW.format(name=name)}"
    return None


@dataclass(frozen=True)
class Image:
    """An image of the project, and the commit that it answers with."""

    reference: str
    revision: str


class Delivered:
    """A project, its images, and commands that are timed."""

    def __init__(self, project: Project) -> None:
        self.project = project
        # The environment of a person: the deployer's access, and no settings of this project's tests.
        self.env = {**plain_environment(), "KUBECONFIG": str(project.kubeconfig)}

    @property
    def context(self) -> str:
        """The kubeconfig context of its environment."""
        config = load_project(self.project.folder / "blissful-infra.yaml")
        return config.environments["staging"].cluster

    def image(self) -> Image:
        """Commit, and push an image of the commit."""
        reference = self.project.image()
        return Image(reference, self.project.revisions[-1])

    def run(self, *argv: str) -> float:
        """Seconds that a command takes in the project's folder."""
        return seconds_of(argv, cwd=self.project.folder, env=self.env)

    def lines(self, *argv: str) -> tuple[str, str]:
        """What a command prints on stdout and on stderr."""
        done = subprocess.run(argv, cwd=self.project.folder, env=self.env, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"{' '.join(argv)} ended with {done.returncode}: {done.stderr[-2000:]}")
        return done.stdout, done.stderr

    def deploy(self, image: Image) -> float:
        """Seconds until the revision serves."""
        words = ["--env", "staging", "--image", image.reference, "--ref", image.revision]
        return self.run("blissful-infra", "deploy", *words)


@contextmanager
def delivered_project(
    make: Callable[..., Project] = a_project, forget: Callable[[Project], None] | None = None, **options: Any
) -> Iterator[Delivered]:
    """A project made as the tests of delivery make theirs."""
    with tempfile.TemporaryDirectory() as scratch:
        project = make(Path(scratch) / "project", **options)
        try:
            yield Delivered(project)
        finally:
            if forget is not None:
                forget(project)
            kubectl("delete", "namespace", project.namespace, "--wait=false", "--ignore-not-found")


def settled(delivered: Delivered, timed: Callable[[], float]) -> float:
    """One run, and afterwards, not timed, the end of the pods it replaced: nobody pays for the run before."""
    took = timed()
    selector = "app.kubernetes.io/name=my-service"
    while len(delivered.project.get("pods", "-l", selector)["items"]) > 1:
        kubectl("get", "--raw", "/readyz")
    return took
