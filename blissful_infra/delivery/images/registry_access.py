"""Who one is to a registry: what `docker login` or a credential helper keeps, read the way Docker reads it."""

import base64
import binascii
import json
import os
import subprocess
from pathlib import Path

from blissful_infra.errors import MissingToolError

HELPER_WITHIN_S = 20


class CredentialHelperError(MissingToolError):
    """A credential helper that Docker's configuration names cannot be asked."""

    code = "credential-helper"


def credentials_for(host: str) -> tuple[str, str] | None:
    """User and password for a registry, or None where nobody logged in."""
    folder = Path(os.environ.get("DOCKER_CONFIG") or Path.home() / ".docker")
    try:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if helper := (config.get("credHelpers") or {}).get(host) or config.get("credsStore"):
        return _asked(str(helper), host)
    kept = ((config.get("auths") or {}).get(host) or {}).get("auth")
    try:
        user, colon, password = base64.b64decode(kept or "", validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return (user, password) if colon else None


def _asked(helper: str, host: str) -> tuple[str, str] | None:
    program = f"docker-credential-{helper}"
    try:
        done = subprocess.run(
            [program, "get"], input=host, capture_output=True, text=True, check=False, timeout=HELPER_WITHIN_S
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise CredentialHelperError(
            f"{program}, which Docker's configuration names for {host}, does not answer",
            hint="install it, or remove it from Docker's config.json",
        ) from error
    if done.returncode != 0:
        return None
    try:
        found = json.loads(done.stdout)
        return str(found["Username"]), str(found["Secret"])
    except (ValueError, KeyError, TypeError):
        return None
