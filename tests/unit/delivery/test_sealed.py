"""The file of encrypted Secrets: what is taken, what is refused, and what never gets into a message."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from blissful_infra.delivery.sealed import FILE, NOTE, Sealed, SealedSecretError, check_program, noted, sealed_in
from blissful_infra.errors import MissingToolError


def written(tmp_path: Path, *documents: Any) -> Path:
    overlay = tmp_path / "deploy" / "overlays" / "staging"
    overlay.mkdir(parents=True, exist_ok=True)
    (overlay / FILE).write_text(yaml.safe_dump_all(documents))
    return tmp_path


def secret(name: str = "backing", *, value: str = "ENC[AES256_GCM,data:x]", sops: bool = True) -> dict[str, Any]:
    metadata = {"sops": {"mac": "m"}} if sops else {}
    return {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name}, "stringData": {"A": value}, **metadata}


def test_the_names_are_read_and_the_digest_follows_the_text(tmp_path: Path) -> None:
    found = sealed_in(written(tmp_path, secret("one"), None, secret("two")), "staging")
    assert found is not None
    assert (found.names, str(found)) == (("one", "two"), "Secret/one, Secret/two")
    other = sealed_in(written(tmp_path, secret("one", value="ENC[other]"), secret("two")), "staging")
    assert other is not None
    assert other.digest != found.digest


def test_no_file_is_no_secret(tmp_path: Path) -> None:
    assert sealed_in(tmp_path, "staging") is None


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (secret(sops=False), "is not encrypted"),
        (secret(value="hunter2"), "shows the value of A"),
        ({"apiVersion": "v1", "kind": "ConfigMap", "sops": {}}, "no Secret"),
        ("text", "no Secret"),
        (secret("ENC[name]"), "does not show the names"),
    ],
)
def test_what_is_no_encrypted_secret_is_refused_without_its_value(tmp_path: Path, document: Any, said: str) -> None:
    with pytest.raises(SealedSecretError, match=said) as caught:
        sealed_in(written(tmp_path, document), "staging")
    assert "hunter2" not in f"{caught.value} {caught.value.hint} {caught.value.context}"


@given(text=st.text(max_size=80))
def test_any_text_is_taken_or_refused_by_name(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    overlay = tmp_path_factory.mktemp("any") / "deploy" / "overlays" / "staging"
    overlay.mkdir(parents=True)
    (overlay / FILE).write_text(text, encoding="utf-8", errors="replace")
    try:
        found = sealed_in(overlay.parents[2], "staging")
    except SealedSecretError:
        return
    assert found is None


def test_only_the_pods_of_deployments_are_noted() -> None:
    deployment = {"kind": "Deployment", "spec": {"template": {"metadata": {"labels": {"a": "b"}}}}}
    service = {"kind": "Service", "spec": {}}
    sealed = Sealed("here", "text", ("one",))
    first, second = noted((deployment, service), sealed)
    assert first["spec"]["template"]["metadata"] == {"labels": {"a": "b"}, "annotations": {NOTE: sealed.digest}}
    assert second == service
    assert "annotations" not in deployment["spec"]["template"]["metadata"]  # type: ignore[index]


def test_a_missing_sops_is_told_before_anything_is_changed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MissingToolError, match="sops"):
        check_program(Sealed("here", "text", ("one",)))
