"""`argocd install|app`: what is printed, what is refused, and that nothing is asked of a cluster for it."""

import json
from pathlib import Path

import pytest
import yaml

from tests.kubeconfigs import unanswered
from tests.schemas import check_against_schema
from tests.unit.cli.calling import Call, caller_in

PROJECT = """\
name: shop
services: {app: {port: 8080, run: app}}
environments:
  staging:
    { cluster: staging, namespace: shop-staging, gitops: { repository: https://git.example/shop.git } }
"""


@pytest.fixture
def call(tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Call:
    (tmp_path / "blissful-infra.yaml").write_text(PROJECT)
    monkeypatch.setenv("KUBECONFIG", str(unanswered(tmp_path, "staging")))
    return caller_in(tmp_path, capfd, monkeypatch)


def test_a_dry_run_names_the_release_and_downloads_nothing(call: Call) -> None:
    done = call("argocd", "install", "--context", "staging", "--dry-run", "-o", "json")
    assert done.code == 0, done.err
    document = json.loads(done.out)
    check_against_schema("argocd-install.v1", document)
    assert document["installation"]["objects"] == {}
    assert "sha256 " in done.err


def test_a_changed_file_is_refused_before_anybody_is_asked(call: Call, tmp_path: Path) -> None:
    (tmp_path / "install.yaml").write_text("kind: Deployment\n")
    done = call("argocd", "install", "--context", "staging", "--file", "install.yaml", "--yes")
    assert done.code == 3
    assert "error[wrong-checksum]" in done.err


def test_a_context_that_does_not_exist_is_named(call: Call) -> None:
    done = call("argocd", "install", "--context", "other", "--dry-run")
    assert done.code == 3
    assert "error[unknown-context]" in done.err


def test_the_objects_are_printed_for_kubectl_and_as_data(call: Call) -> None:
    done = call("argocd", "app", "--previews", "team/shop")
    assert done.code == 0, done.err
    kinds = [each["kind"] for each in yaml.safe_load_all(done.out)]
    assert kinds == ["AppProject", "Application", "Role", "RoleBinding", "ApplicationSet"]
    document = json.loads(call("argocd", "app", "-o", "json").out)
    check_against_schema("argocd-app.v1", document)
    assert document["applied"] is False


def test_what_is_applied_needs_a_cluster_that_answers(call: Call) -> None:
    done = call("argocd", "app", "--apply")
    assert done.code == 4
    assert "error[cluster-unreachable]" in done.err


def test_an_environment_without_gitops_is_refused(call: Call, tmp_path: Path) -> None:
    direct = PROJECT.replace(", gitops: { repository: https://git.example/shop.git }", "")
    (tmp_path / "blissful-infra.yaml").write_text(direct)
    done = call("argocd", "app", "--env", "staging")
    assert done.code == 2
    assert "error[no-gitops]" in done.err
