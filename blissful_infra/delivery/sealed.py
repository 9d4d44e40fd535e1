"""Secrets that lie in the repository encrypted by SOPS, opened in memory when a release is made, and nowhere else.

A file encrypted with `--encrypted-regex '^(data|stringData)$'` shows kinds and names; only the cluster sees the values.
"""

import hashlib
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from blissful_infra.delivery.commands import run_bytes
from blissful_infra.delivery.kubernetes.manifests import Manifest
from blissful_infra.errors import ConfigurationError, MissingToolError

FILE = "secrets.sops.yaml"
NOTE = "blissful-infra.dev/secrets"
"""The pods' annotation that changes with the file, so that a new value brings new pods."""


class SealedSecretError(ConfigurationError):
    """The file of encrypted Secrets holds something else."""

    code = "sealed-secret"


class NoSopsError(MissingToolError):
    """Nothing here decrypts the file."""

    code = "sops-missing"


@dataclass(frozen=True, slots=True)
class Sealed:
    """The file as it lies there, encrypted, and the Secrets that it holds."""

    where: str
    text: str
    names: tuple[str, ...]

    def __str__(self) -> str:
        return ", ".join(f"Secret/{name}" for name in self.names)

    @property
    def digest(self) -> str:
        """What tells this file from one with other values."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:12]


def sealed_in(project: Path, overlay: str) -> Sealed | None:
    """The encrypted Secrets of an overlay, if it has any. Raises SealedSecretError for a file that is not encrypted."""
    where = f"deploy/overlays/{overlay}/{FILE}"
    path = project / where
    if not path.is_file():
        return None
    text = path.read_text(encoding="utf-8")
    try:
        found = [each for each in yaml.safe_load_all(text) if each is not None]
    except yaml.YAMLError as error:
        raise SealedSecretError(f"{where} is no YAML") from error
    names = tuple(_name_of(each, where) for each in found)
    return Sealed(where, text, names) if names else None


def check_program(sealed: Sealed) -> None:
    """Raises NoSopsError before anything is changed."""
    if shutil.which("sops") is None:
        raise NoSopsError(
            f"sops, which decrypts {sealed.where}, is not installed", hint="install SOPS, and make sure PATH finds it"
        )


def noted(manifests: Iterable[Manifest], sealed: Sealed) -> tuple[Manifest, ...]:
    """The objects with the file's digest on the Deployments' pods."""
    return tuple(_noted(each, sealed.digest) if each["kind"] == "Deployment" else each for each in manifests)


def opened(sealed: Sealed, namespace: str, *, without: str | None = None) -> tuple[Manifest, ...]:
    """The Secrets with their values, in this namespace. Raises MissingToolError, CommandFailedError."""
    words = ["sops", "--decrypt", "--input-type", "yaml", "--output-type", "yaml", "/dev/stdin"]
    hint = "see that the key of `.sops.yaml` is here: SOPS_AGE_KEY_FILE, or the cloud's own login"
    plain = run_bytes(words, why=f"{sealed.where} cannot be decrypted", hint=hint, stdin=sealed.text)
    found = [each for each in yaml.safe_load_all(plain) if each is not None]
    return tuple(_placed(each, namespace) for each in found if each["metadata"]["name"] != without)


def _name_of(document: object, where: str) -> str:
    hint = f"`sops --encrypt --encrypted-regex '^(data|stringData)$' --in-place {where}`"
    if not isinstance(document, Mapping) or document.get("kind") != "Secret" or document.get("apiVersion") != "v1":
        raise SealedSecretError(f"{where} holds something that is no Secret", hint="only Secrets belong there")
    if not isinstance(document.get("sops"), Mapping):
        raise SealedSecretError(f"{where} is not encrypted", hint=f"encrypt it before it is committed: {hint}")
    for key in ("data", "stringData"):
        for name, value in (document.get(key) or {}).items():
            if not str(value).startswith("ENC["):
                raise SealedSecretError(f"{where} shows the value of {name}", hint=hint)
    metadata = document.get("metadata")
    name = metadata.get("name") if isinstance(metadata, Mapping) else None
    if not isinstance(name, str) or name.startswith("ENC["):
        raise SealedSecretError(f"{where} does not show the names of its Secrets", hint=hint)
    return name


def _placed(secret: Mapping[str, Any], namespace: str) -> Manifest:
    return {**secret, "metadata": {**secret["metadata"], "namespace": namespace}}


def _noted(deployment: Manifest, digest: str) -> Manifest:
    template = deployment["spec"]["template"]
    metadata = template.get("metadata") or {}
    notes = {**(metadata.get("annotations") or {}), NOTE: digest}
    pods = {**template, "metadata": {**metadata, "annotations": notes}}
    return {**deployment, "spec": {**deployment["spec"], "template": pods}}
