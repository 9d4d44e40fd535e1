"""Argo CD's manifests are taken by their checksum, and put in an order that a cluster takes."""

import hashlib
from pathlib import Path

import pytest

from blissful_infra.delivery.gitops.installing import (
    NEWEST,
    RELEASES,
    Installer,
    UnknownVersionError,
    WrongChecksumError,
)
from blissful_infra.delivery.kubernetes.manifests import title_of
from tests.kubeconfigs import unanswered

MANIFESTS = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: argocd-server}
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: applications.argoproj.io}
"""


@pytest.fixture
def context(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A context whose cluster does not answer: nothing here may ask it."""
    monkeypatch.setenv("KUBECONFIG", str(unanswered(tmp_path, "staging")))
    return "staging"


def test_the_release_is_taken_with_its_namespace_first(context: str, tmp_path: Path) -> None:
    file = tmp_path / "install.yaml"
    file.write_text(MANIFESTS)
    installer = Installer(context, "9.9.9", sha256=hashlib.sha256(MANIFESTS.encode()).hexdigest(), file=file)
    found = installer.manifests()
    assert [title_of(each) for each in found] == [
        "Namespace/argocd", "CustomResourceDefinition/applications.argoproj.io", "Deployment/argocd-server",
    ]  # fmt: skip
    assert [each["metadata"].get("namespace") for each in found] == [None, None, "argocd"]


def test_other_manifests_than_the_releases_are_refused(context: str, tmp_path: Path) -> None:
    file = tmp_path / "install.yaml"
    file.write_text(MANIFESTS)
    with pytest.raises(WrongChecksumError, match=f"not those of Argo CD {NEWEST}") as caught:
        Installer(context, NEWEST, file=file).manifests()
    assert caught.value.context["expected sha256"] == RELEASES[NEWEST]


def test_a_version_without_a_known_checksum_needs_one(context: str) -> None:
    with pytest.raises(UnknownVersionError, match=r"9\.9\.9"):
        Installer(context, "9.9.9")


def test_what_would_be_done_is_told_without_any_network(context: str) -> None:
    found = Installer(context, NEWEST).foreseen()
    assert (found.cluster, found.sha256, dict(found.objects)) == ("staging", RELEASES[NEWEST], {})
    assert found.url.endswith(f"/v{NEWEST}/manifests/install.yaml")
