"""An environment rendered: the overlay, and what blissful-infra.yaml says of the environment on top."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from blissful_infra.delivery.environments import UnknownEnvironmentError, environment_of
from blissful_infra.delivery.images.image import reference_of
from blissful_infra.delivery.kubernetes.cluster import Cluster, ClusterUnreachableError, UnknownContextError
from blissful_infra.delivery.kubernetes.manifests import ManifestError, of_kind
from blissful_infra.delivery.kustomizing import render
from blissful_infra.delivery.migrations import migrations_of
from blissful_infra.delivery.planning import backing_secret
from blissful_infra.settings.model import Environment, ProjectConfig
from tests.ports import free_ports
from tests.templates.rendering import ROOT, copied

IMAGE = reference_of(f"localhost:5000/my-service@sha256:{'a' * 64}")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    answers = {"project_name": "my-service", "database": "postgres", "kafka": True, "redis": True}
    return copied(ROOT / "copier-templates" / "fastapi", tmp_path_factory.mktemp("made") / "p", answers)


def a_config(**environment: Any) -> ProjectConfig:
    settings = {"cluster": "test", "namespace": "somewhere", "replicas": 3, **environment}
    backing = {name: {"version": "1"} for name in ("postgres", "kafka", "redis")}
    facts = {
        "name": "my-service",
        "services": {"app": {"port": 8080, "run": "x"}},
        "backing": backing,
        "environments": {"staging": settings, "nowhere": settings},
    }
    return ProjectConfig.model_validate(facts)


@pytest.mark.needs_kustomize
def test_the_environments_namespace_replicas_and_image_win(project: Path) -> None:
    found = render(project, a_config(), "staging", IMAGE)
    assert {each["metadata"].get("namespace", each["metadata"]["name"]) for each in found} == {"somewhere"}
    (deployment,) = of_kind(found, "Deployment")
    assert deployment["spec"]["replicas"] == 3
    images = [
        each["spec"]["template"]["spec"]["containers"][0]["image"] for each in (deployment, *of_kind(found, "Job"))
    ]
    assert images == [str(IMAGE)] * 2
    assert not of_kind(found, "Ingress")


@pytest.mark.needs_kustomize
def test_a_host_brings_an_ingress_and_in_cluster_backing_the_servers(project: Path) -> None:
    config = a_config(host="shop.example", backing="in-cluster")
    mirrored = config.model_copy(update={"images": {"postgres:18": "mirror.example/postgres:18"}})
    found = render(project, mirrored, "staging", IMAGE)
    (ingress,) = of_kind(found, "Ingress")
    assert ingress["spec"]["rules"][0]["host"] == "shop.example"
    servers = {each["metadata"]["name"]: each for each in of_kind(found, "StatefulSet")}
    assert set(servers) == {"my-service-postgres", "my-service-kafka", "my-service-redis"}
    pod = servers["my-service-postgres"]["spec"]["template"]["spec"]
    assert pod["containers"][0]["image"] == "mirror.example/postgres:18"
    secret = backing_secret(config, config.environments["staging"])
    assert secret["stringData"]["POSTGRES_HOST"] == "my-service-postgres"
    assert len(secret["stringData"]["POSTGRES_PASSWORD"]) == 32
    assert secret != backing_secret(config, config.environments["staging"])


@pytest.mark.needs_kustomize
def test_an_environment_without_an_overlay_is_named(project: Path) -> None:
    with pytest.raises(ManifestError, match="deploy/overlays/nowhere"):
        render(project, a_config(), "nowhere", IMAGE)


def test_the_marks_of_migrations_are_read(project: Path, tmp_path: Path) -> None:
    assert migrations_of(project) == {"0001_greetings.py": True}
    folder = tmp_path / "src" / "db" / "migration"
    folder.mkdir(parents=True)
    (folder / "V1__a.sql").write_text("-- blissful: reversible\nSELECT 1;\n")
    (folder / "V2__b.sql").write_text("-- blissful: irreversible\nDROP TABLE a;\n")
    (folder / "V3__c.sql").write_text("SELECT 1;\n")
    assert migrations_of(tmp_path) == {"V1__a.sql": True, "V2__b.sql": False}


def test_an_environment_that_is_not_declared_is_named() -> None:
    with pytest.raises(UnknownEnvironmentError, match="elsewhere"):
        environment_of(a_config(), "elsewhere")


def test_a_context_that_kubectl_does_not_know_and_a_cluster_that_is_down_are_told_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = f"http://127.0.0.1:{free_ports(1)[0]}"
    kubeconfig = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "c", "cluster": {"server": server}}],
        "users": [{"name": "u", "user": {"token": "x"}}],
        "contexts": [{"name": "down", "context": {"cluster": "c", "user": "u"}}],
        "current-context": "down",
    }
    (tmp_path / "config").write_text(yaml.safe_dump(kubeconfig))
    monkeypatch.setenv("KUBECONFIG", str(tmp_path / "config"))
    with pytest.raises(UnknownContextError, match="elsewhere"):
        Cluster(Environment(cluster="elsewhere", namespace="x"))
    with pytest.raises(ClusterUnreachableError, match=server):
        Cluster(Environment(cluster="down", namespace="x")).get("/version")
