"""kubectl for tests: the cluster that KUBECONFIG names, one namespace a test."""

import os
import subprocess
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import orjson
import yaml

from tests.missing import missing


def part(name: str, variable: str) -> str:
    """What a part of the test cluster exports under this name; without it the test is skipped, and fails under CI."""
    value = os.environ.get(variable)
    if not value:
        missing(f"the cluster runs without {name}; start it with `tests/cluster/cluster.sh up {name}`")
    return value


@dataclass(frozen=True)
class Kube:
    """kubectl in one namespace."""

    namespace: str

    def run(self, *arguments: str, stdin: str | None = None, check: bool = True) -> str:
        """The standard output of a command."""
        command = ["kubectl", "--request-timeout=30s", "--namespace", self.namespace, *arguments]
        ran = subprocess.run(command, input=stdin, capture_output=True, text=True, check=False)
        assert not check or ran.returncode == 0, f"{' '.join(command)}: {ran.stderr}"
        return ran.stdout

    def apply(self, *objects: dict[str, Any]) -> None:
        """Create or change objects."""
        self.run("apply", "--filename", "-", stdin=yaml.safe_dump_all(objects))

    def get(self, *arguments: str) -> dict[str, Any]:
        """An object or a list of them."""
        found: dict[str, Any] = orjson.loads(self.run("get", *arguments, "--output", "json"))
        return found

    def until(self, wanted: str, *arguments: str, within: float = 60) -> str:
        """Wait until a command's output contains a text."""
        deadline = time.monotonic() + within
        while wanted not in (output := self.run(*arguments, check=False)):
            assert time.monotonic() < deadline, f"{wanted!r} not in {' '.join(arguments)}: {output}"
            time.sleep(0.5)
        return output


@contextmanager
def own_namespace() -> Iterator[Kube]:
    """A namespace of its own, gone afterwards."""
    kube = Kube(f"test-{uuid.uuid4().hex[:8]}")
    kube.run("create", "namespace", kube.namespace)
    try:
        yield kube
    finally:
        kube.run("delete", "namespace", kube.namespace, "--wait=false", check=False)
