"""The manifests of every choice: built by the real Kustomize, with fields Kubernetes has, restricted, and complete."""

import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.engines import kustomize
from tests.missing import missing
from tests.templates.conftest import Projects
from tests.templates.kubernetes_fields import unknown_fields
from tests.templates.rendering import TEMPLATES, every_choice, name_of

ENVIRONMENTS = ("staging", "production")
EVERYTHING = {"database": "postgres", "kafka": True, "redis": True}
DIGEST = f"sha256:{'0123456789abcdef' * 4}"

pytestmark = pytest.mark.needs_kustomize


def overlay(project: Path, environment: str) -> list[dict[str, Any]]:
    return kustomize.build(project / "deploy" / "overlays" / environment)


def ephemeral(tmp_path: Path, project: Path) -> list[dict[str, Any]]:
    """An environment that comes and goes: the components of backing servers and of the Ingress, on top of staging."""
    copy = shutil.copytree(project / "deploy", tmp_path / "deploy")
    components = [f"../../components/{folder.name}" for folder in sorted((copy / "components").iterdir())]
    patch = yaml.safe_dump([{"op": "replace", "path": "/spec/rules/0/host", "value": "pr-7.example"}])
    settings = {
        "namespace": "my-service-pr-7",
        "resources": ["../staging"],
        "components": components,
        "images": [{"name": "registry.example/my-service", "digest": DIGEST}],
        "patches": [{"target": {"kind": "Ingress"}, "patch": patch}],
    }
    (copy / "overlays" / "pr").mkdir()
    (copy / "overlays" / "pr" / "kustomization.yaml").write_text(yaml.safe_dump(settings))
    return kustomize.build(copy / "overlays" / "pr")


def of_kind(objects: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    return [each for each in objects if each["kind"] == kind]


def pods(objects: list[dict[str, Any]]) -> Iterator[tuple[str, dict[str, Any]]]:
    for each in objects:
        if each["kind"] in {"Deployment", "StatefulSet", "Job"}:
            yield f"{each['kind']}/{each['metadata']['name']}", each["spec"]["template"]["spec"]


@pytest.mark.parametrize("environment", ENVIRONMENTS)
@pytest.mark.parametrize(("template", "choice"), every_choice(), ids=name_of)
def test_every_overlay_is_built_with_fields_that_exist(
    projects: Projects, template: str, choice: Mapping[str, Any], environment: str
) -> None:
    objects = overlay(projects(template, choice), environment)
    assert [problem for each in objects for problem in unknown_fields(each)] == []
    names = {f"{each['kind']}/{each['metadata']['name'].split('-g')[0]}" for each in objects}
    namespace = "my-service" if environment == "production" else "my-service-staging"
    wanted = {"Deployment/my-service", "Service/my-service", "ServiceAccount/my-service", "NetworkPolicy/my-service"}
    wanted |= {"PodDisruptionBudget/my-service", f"Namespace/{namespace}", "ResourceQuota/environment"}
    assert wanted | {"LimitRange/environment"} <= names
    assert ("HorizontalPodAutoscaler/my-service" in names) == (environment == "production")
    assert ("Job/my-service-migrate" in names) == (choice["database"] == "postgres")
    assert not of_kind(objects, "Secret")
    assert not of_kind(objects, "Ingress")
    assert {each["metadata"].get("namespace", namespace) for each in objects} == {namespace}
    with_pods = of_kind(objects, "Deployment")[0]
    assert (with_pods["spec"].get("replicas")) == (None if environment == "production" else 2)


@pytest.mark.parametrize(("template", "choice"), every_choice(), ids=name_of)
def test_the_secret_is_asked_for_where_something_is_needed_and_nowhere_else(
    projects: Projects, template: str, choice: Mapping[str, Any]
) -> None:
    objects = overlay(projects(template, choice), "staging")
    needed = choice["database"] == "postgres" or choice["kafka"] or choice["redis"]
    deployment = of_kind(objects, "Deployment")[0]["spec"]["template"]["spec"]["containers"][0]
    secrets = [source["secretRef"]["name"] for source in deployment["envFrom"] if "secretRef" in source]
    assert secrets == (["my-service-backing"] if needed else [])
    data = of_kind(objects, "ConfigMap")[0]["data"]
    assert data.get("MIGRATE_ON_START") == ("false" if choice["database"] == "postgres" else None)


@pytest.mark.parametrize("template", TEMPLATES)
def test_every_pod_is_restricted_and_bounded(tmp_path: Path, projects: Projects, template: str) -> None:
    for name, spec in pods(ephemeral(tmp_path, projects(template, EVERYTHING))):
        assert spec["automountServiceAccountToken"] is False, name
        assert spec["securityContext"]["runAsNonRoot"] is True, name
        assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}, name
        for container in spec["containers"]:
            security = container["securityContext"]
            assert security["allowPrivilegeEscalation"] is False, name
            assert security["capabilities"] == {"drop": ["ALL"]}, name
            assert security.get("readOnlyRootFilesystem", name.endswith("-kafka")) is True, name
            assert set(container["resources"]) == {"requests", "limits"}, name
            assert set(container["resources"]["limits"]) == {"cpu", "memory"}, name


@pytest.mark.parametrize("template", TEMPLATES)
def test_the_probes_and_the_stop_follow_the_service_contract(projects: Projects, template: str) -> None:
    spec = dict(pods(overlay(projects(template, EVERYTHING), "production")))["Deployment/my-service"]
    container = spec["containers"][0]
    paths = {kind: container[f"{kind}Probe"]["httpGet"]["path"] for kind in ("startup", "liveness", "readiness")}
    assert paths == {"startup": "/health", "liveness": "/health", "readiness": "/ready"}
    assert container["lifecycle"]["preStop"]["sleep"]["seconds"] + 20 < spec["terminationGracePeriodSeconds"]
    assert spec["topologySpreadConstraints"][0]["topologyKey"] == "kubernetes.io/hostname"


@pytest.mark.parametrize("template", TEMPLATES)
def test_the_components_add_the_servers_and_the_name(tmp_path: Path, projects: Projects, template: str) -> None:
    objects = ephemeral(tmp_path, projects(template, EVERYTHING))
    assert [problem for each in objects for problem in unknown_fields(each)] == []
    servers = {each["metadata"]["name"] for each in of_kind(objects, "StatefulSet")}
    assert servers == {"my-service-postgres", "my-service-kafka", "my-service-redis"}
    assert [each["spec"]["rules"][0]["host"] for each in of_kind(objects, "Ingress")] == ["pr-7.example"]
    selected = of_kind(objects, "Service")
    labels = {
        each["metadata"]["name"]: each["spec"]["template"]["metadata"]["labels"]
        for each in objects
        if each["kind"] in {"Deployment", "StatefulSet"}
    }
    for service in selected:  # each Service finds the pods of its own name, and no others
        chosen = service["spec"]["selector"].items()
        found = [name for name, given in labels.items() if chosen <= given.items()]
        assert found == [service["metadata"]["name"]]
    job = of_kind(objects, "Job")[0]["metadata"]["annotations"]
    assert job["argocd.argoproj.io/hook"] == "Sync"  # before it, there is no database


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("template", TEMPLATES)
def test_the_default_rules_of_a_policy_scanner_hold(tmp_path: Path, projects: Projects, template: str) -> None:
    checkov = kustomize.CACHE / "checkov" / "bin" / "checkov"
    if not checkov.is_file():
        missing("no checkov; scripts/fetch.sh brings it")
    objects = ephemeral(tmp_path, projects(template, EVERYTHING))
    production = yaml.safe_dump_all(overlay(projects(template, EVERYTHING), "production"))
    rendered = tmp_path / "rendered"
    rendered.mkdir()
    (rendered / "pr.yaml").write_text(yaml.safe_dump_all(objects))
    pinned = production.replace("registry.example/my-service:latest", f"registry.example/my-service@{DIGEST}")
    (rendered / "production.yaml").write_text(pinned)
    words: list[str | Path] = [
        checkov,
        "--framework",
        "kubernetes",
        "--skip-download",
        "-d",
        rendered,
        "--compact",
        "-o",
        "json",
    ]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    found = yaml.safe_load(done.stdout)
    failed = [(each["check_id"], each["resource"]) for each in found["results"]["failed_checks"]]
    assert failed == []
    assert found["summary"]["passed"] > 200
    for each in found["results"]["skipped_checks"]:
        assert len(each["check_result"]["suppress_comment"]) > 20, each["resource"]
