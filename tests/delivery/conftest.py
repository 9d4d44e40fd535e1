"""A project of a template, a cluster to deploy it to, and images of a small program that keeps the service contract."""

import functools
import json
import os
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.engines import registry
from tests.missing import missing
from tests.templates.rendering import ROOT, copied, git

BIN = Path(sys.executable).parent
PROGRAM = ROOT / "tests" / "fixtures" / "apps" / "deployed"
INSIDE = "registry.blissful.test:5000"
"""What the cluster calls the registry that is BLISSFUL_TEST_REGISTRY from outside."""


@functools.cache
def program() -> Path:
    """The small program, built once a test run."""
    out = Path(tempfile.mkdtemp(prefix="blissful-test-")) / "app"
    words = ["go", "build", "-trimpath", "-ldflags", "-s -w", "-o", str(out)]
    subprocess.run(words, cwd=PROGRAM, check=True, env={**os.environ, "CGO_ENABLED": "0", "PATH": _path()})
    return out


def _path() -> str:
    return f"{os.environ['PATH']}:/usr/local/go/bin"


def kubectl(*words: str, stdin: str | None = None) -> str:
    done = subprocess.run(["kubectl", *words], input=stdin, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{words}: {done.stderr}"
    return done.stdout


@dataclass
class Project:
    """A committed project, deployed to a namespace of its own."""

    folder: Path
    namespace: str
    kubeconfig: Path
    revisions: list[str] = field(default_factory=list)

    @property
    def environ(self) -> dict[str, str]:
        """With the access of the deployer's account, and none of the administrator's."""
        return {**os.environ, "KUBECONFIG": str(self.kubeconfig), "BLISSFUL_EXPLAIN_WITHIN_S": "60"}

    def image(self, fault: str = "") -> str:
        """Commit, push an image of that commit (broken as `fault` says), and return its reference."""
        (self.folder / "change.txt").write_text(uuid.uuid4().hex)
        git(self.folder, "add", "--all")
        git(self.folder, "commit", "--quiet", "--message", "change")
        self.revisions.append(git(self.folder, "rev-parse", "HEAD"))
        path = f"{self.namespace}/app"
        host = os.environ["BLISSFUL_TEST_REGISTRY"]
        variables = {"GIT_REVISION": self.revisions[-1], "BUILD_TIME": "now", "FAULT": fault}
        digest = registry.put_image(host, path, (self.revisions[-1],), program=program(), variables=variables)
        return f"{INSIDE}/{path}@{digest}"

    def call(self, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [BIN / "blissful-infra", *words],
            cwd=self.folder,
            env={**self.environ, **variables},
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )

    def deploy(self, image: str, *words: str) -> subprocess.CompletedProcess[str]:
        return self.call("deploy", "--env", "staging", "--image", image, "--ref", "HEAD", *words)

    def releases(self) -> list[dict[str, Any]]:
        done = self.call("releases", "--env", "staging", "-o", "json")
        assert done.returncode == 0, done.stderr
        found: list[dict[str, Any]] = json.loads(done.stdout)["releases"]
        return found

    def get(self, kind: str, *words: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(kubectl("-n", self.namespace, "get", kind, *words, "-o", "json"))
        return found

    def served(self) -> str:
        path = f"/api/v1/namespaces/{self.namespace}/services/my-service:http/proxy/version"
        return str(json.loads(kubectl("get", "--raw", path))["revision"])


def needs_a_registry() -> None:
    if not os.environ.get("BLISSFUL_TEST_REGISTRY"):
        missing("this cluster has no registry that the tests may push to (BLISSFUL_TEST_REGISTRY)")


def a_deployer(folder: Path, kubeconfig: Path, environment: str, namespace: str, name: str = "my-service") -> str:
    """Make the namespace and the account of deploy/rbac as an administrator does; the context that has its access."""
    place = folder / "deploy" / "rbac" / environment / "kustomization.yaml"
    settings = yaml.safe_load(place.read_text())
    kubectl("create", "namespace", namespace)
    kubectl("label", "namespace", namespace, f"app.kubernetes.io/part-of={name}",
            "pod-security.kubernetes.io/enforce=restricted")  # fmt: skip
    place.write_text(yaml.safe_dump({**settings, "namespace": namespace}))
    kubectl("apply", "-k", str(place.parent))
    token = kubectl("-n", namespace, "create", "token", f"{name}-deployer", "--duration=1h").strip()
    access = yaml.safe_load(kubectl("config", "view", "--raw", "--minify"))
    context = f"deployer-of-{namespace}"
    known = yaml.safe_load(kubeconfig.read_text()) if kubeconfig.exists() else {**access, "users": [], "contexts": []}
    known["users"].append({"name": context, "user": {"token": token}})
    place_of = {"cluster": access["clusters"][0]["name"], "user": context}
    known["contexts"].append({"name": context, "context": place_of})
    kubeconfig.write_text(yaml.safe_dump({**known, "current-context": "none"}))
    kubeconfig.chmod(0o600)
    return context


def a_project(
    folder: Path,
    *,
    database: str = "none",
    name: str = "my-service",
    administrator: bool = False,
    **settings: Any,
) -> Project:
    """A project and its namespace, which its deployer may use; or, for an administrator, one that is not there yet."""
    answers = {"project_name": name, "database": database, "kafka": False, "redis": False}
    copied(ROOT / "copier-templates" / "fastapi", folder, answers)
    namespace = f"test-{uuid.uuid4().hex[:8]}"
    if administrator:
        kubeconfig, context = Path(os.environ["KUBECONFIG"]), kubectl("config", "current-context").strip()
    else:
        kubeconfig = folder.parent / "kubeconfig"
        context = a_deployer(folder, kubeconfig, "staging", namespace, name)
    environment = {"cluster": context, "namespace": namespace, "replicas": 1, **settings}
    with (folder / "blissful-infra.yaml").open("a") as file:
        file.write(f"\nenvironments:\n  staging: {json.dumps(environment)}\n")
    git(folder, "init", "--quiet")
    return Project(folder, namespace, kubeconfig)


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    needs_a_registry()
    found = a_project(tmp_path / "project")
    yield found
    kubectl("delete", "namespace", found.namespace, "--wait=false", "--ignore-not-found")


@pytest.fixture
def with_database(tmp_path: Path) -> Iterator[Project]:
    """A project with migrations; its namespace and Secret are there."""
    needs_a_registry()
    found = a_project(tmp_path / "project", database="postgres")
    secret = ["create", "secret", "generic", "my-service-backing", "--from-literal=POSTGRES_HOST=nowhere"]
    kubectl("-n", found.namespace, *secret)
    yield found
    kubectl("delete", "namespace", found.namespace, "--wait=false", "--ignore-not-found")
