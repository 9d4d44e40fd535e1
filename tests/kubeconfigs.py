"""Kubeconfigs for tests that no cluster may answer."""

from pathlib import Path

import yaml

from tests.ports import free_ports


def unanswered(folder: Path, context: str) -> Path:
    """A kubeconfig in the folder, of one context whose cluster does not answer."""
    settings = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "c", "cluster": {"server": f"http://127.0.0.1:{free_ports(1)[0]}"}}],
        "users": [{"name": "u", "user": {"token": "x"}}],
        "contexts": [{"name": context, "context": {"cluster": "c", "user": "u"}}],
    }
    path = folder / "kubeconfig"
    path.write_text(yaml.safe_dump(settings))
    return path
