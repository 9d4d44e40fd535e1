"""The test cluster's image registry: the workload image under whatever name a manifest asks for."""

import os
import re
import subprocess
import tempfile
import threading
from pathlib import Path

from tests.cluster.image import image

NAME = "registry.blissful.test:5000"
"""What manifests call it; containerd knows its address."""
_REFERENCE = re.compile(rf"{re.escape(NAME)}/[a-z0-9._/-]+:[\w.-]+")
_lock = threading.Lock()
_pushed: set[str] = set()


def references_in(manifest: str) -> set[str]:
    """The well-formed references to images of this registry in a text."""
    return set(_REFERENCE.findall(manifest))


def workload() -> Path:
    """The binary that the images carry; `make cluster-up` builds it."""
    cache = (
        os.environ.get("BLISSFUL_CACHE")
        or f"{os.environ.get('XDG_CACHE_HOME') or Path.home() / '.cache'}/blissful-infra"
    )
    return Path(cache) / "cluster/bin/workload"


def push(reference: str) -> None:
    """Put the workload image into the registry under this reference, once."""
    with _lock:
        if reference in _pushed:
            return
        address = os.environ["BLISSFUL_TEST_REGISTRY"]
        with tempfile.TemporaryDirectory() as folder:
            archive = Path(folder) / "image.tar"
            archive.write_bytes(image(reference, workload().resolve(), ["serve"]))
            copy = ["skopeo", "--insecure-policy", "copy", "--quiet", "--dest-tls-verify=false"]
            there = f"docker://{reference.replace(NAME, address)}"
            subprocess.run([*copy, f"docker-archive:{archive}", there], check=True, capture_output=True)
        _pushed.add(reference)
