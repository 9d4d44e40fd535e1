"""Every choice of every template, each overlay and component, accepted by a real API server (strict, dry run)."""

import subprocess
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from blissful_infra.delivery.images.image import reference_of
from blissful_infra.delivery.kustomizing import render
from blissful_infra.settings.model import ProjectConfig
from tests.delivery.conftest import kubectl
from tests.templates.rendering import ROOT, copied, every_choice, name_of

pytestmark = [pytest.mark.needs_cluster, pytest.mark.slow, pytest.mark.timeout(600)]

IMAGE = reference_of(f"registry.blissful.test:5000/my-service@sha256:{'a' * 64}")


@pytest.fixture(scope="module")
def namespace() -> Iterator[str]:
    name = f"test-{uuid.uuid4().hex[:8]}"
    kubectl("create", "namespace", name)
    kubectl("label", "namespace", name, "pod-security.kubernetes.io/enforce=restricted")
    yield name
    kubectl("delete", "namespace", name, "--wait=false")


@pytest.mark.parametrize(("template", "choice"), every_choice(), ids=name_of)
def test_the_api_server_accepts_every_overlay_with_its_components(
    tmp_path: Path, namespace: str, template: str, choice: Mapping[str, Any]
) -> None:
    project = copied(ROOT / "copier-templates" / template, tmp_path / "p", {"project_name": "my-service", **choice})
    settings = yaml.safe_load((project / "blissful-infra.yaml").read_text())
    place = {"cluster": "any", "namespace": namespace, "replicas": 2, "backing": "in-cluster", "host": "shop.example"}
    config = ProjectConfig.model_validate({**settings, "environments": {"staging": place, "production": place}})
    for environment in config.environments:
        text = yaml.safe_dump_all([dict(each) for each in render(project, config, environment, IMAGE)])
        words = ["apply", "--server-side", "--dry-run=server", "--validate=strict", "--force-conflicts", "-f", "-"]
        done = subprocess.run(["kubectl", *words], input=text, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, "")  # a warning would tell of a pod that the standard refuses
