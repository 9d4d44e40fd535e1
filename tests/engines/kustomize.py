"""Kustomize, as the tests find it: built into the cache by scripts/fetch.sh, on PATH, or kubectl's own."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import yaml

CACHE = Path(
    os.environ.get("BLISSFUL_CACHE")
    or Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "blissful-infra"
)
BUILT = CACHE / "engines" / "bin" / "kustomize"


def command() -> list[str] | None:
    """What builds a kustomization, or None where there is nothing."""
    if BUILT.is_file():
        return [str(BUILT), "build"]
    if found := shutil.which("kustomize"):
        return [found, "build"]
    if found := shutil.which("kubectl"):
        return [found, "kustomize"]
    return None


def build(folder: Path) -> list[dict[str, Any]]:
    """The objects of a kustomization; its failure is the test's."""
    words = command()
    assert words is not None
    done = subprocess.run([*words, str(folder)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return [document for document in yaml.safe_load_all(done.stdout) if document]
