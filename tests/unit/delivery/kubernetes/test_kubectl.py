from pathlib import Path

import pytest

from blissful_infra.delivery.kubernetes.kubectl import kubectl_argv
from blissful_infra.errors import MissingToolError
from blissful_infra.settings.model import Environment

SHOP = Environment(cluster="here", namespace="shop")


def test_context_and_namespace_are_always_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "kubectl").write_text("#!/bin/sh\n")
    (tmp_path / "kubectl").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    words = kubectl_argv(SHOP, "get", "pods")
    assert words == [str(tmp_path / "kubectl"), "--context=here", "--namespace=shop", "get", "pods"]


def test_a_missing_kubectl_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MissingToolError, match="kubectl is not installed"):
        kubectl_argv(SHOP)
