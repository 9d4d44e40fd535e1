"""A real image registry for the tests: Debian's docker-registry as a process, on a port of its own."""

import hashlib
import io
import json
import shutil
import subprocess
import tarfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from tests.ports import free_ports

USER, PASSWORD = "tester", "not-a-secret"
HTPASSWD = "tester:$2b$04$9EvxhUZycRDy833lhQ.se.bpzbfQrUMXyKZGfo7w4mzJpFNTQed86\n"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"


def why_not() -> str | None:
    """Why no registry can be started, or None."""
    return None if shutil.which("docker-registry") else "no docker-registry on PATH; `apt-get install docker-registry`"


@contextmanager
def running(folder: Path, *, guarded: bool = False) -> Iterator[str]:
    """Host and port of a registry that runs while the block does; `guarded` asks for USER and PASSWORD."""
    (port,) = free_ports(1)
    users = folder / "htpasswd"
    users.write_text(HTPASSWD)
    auth = {"htpasswd": {"realm": "test", "path": str(users)}} if guarded else {}
    settings = {
        "version": 0.1,
        "log": {"level": "error"},
        "storage": {"filesystem": {"rootdirectory": str(folder / "data")}},
        "http": {"addr": f"127.0.0.1:{port}"},
        "auth": auth,
    }
    (folder / "registry.yml").write_text(json.dumps({key: value for key, value in settings.items() if value}))
    with (folder / "registry.log").open("w") as log:
        process = subprocess.Popen(
            ["docker-registry", "serve", str(folder / "registry.yml")], stdout=log, stderr=subprocess.STDOUT
        )
    try:
        for _ in range(300):
            try:
                httpx.get(f"http://127.0.0.1:{port}/v2/")
                break
            except httpx.TransportError:
                assert process.poll() is None, (folder / "registry.log").read_text()
                time.sleep(0.1)
        yield f"127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


def put_image(
    host: str,
    path: str,
    tags: tuple[str, ...],
    *,
    content: str = "x",
    guarded: bool = False,
    program: Path | None = None,
    files: bytes | None = None,
    entrypoint: str = "/app",
    variables: Mapping[str, str] | None = None,
) -> str:
    """Upload an image under these tags, as a push does; its digest. It holds one static program, a tar, or nothing."""
    auth = (USER, PASSWORD) if guarded else None
    layers = [] if program is None else [_layer_of(program)]
    layers += [] if files is None else [files]
    config = {
        "architecture": "amd64",
        "os": "linux",
        "author": content,
        "config": {
            "Entrypoint": [entrypoint],
            "User": "65532:65532",
            "Env": [f"{name}={value}" for name, value in (variables or {}).items()],
            "Labels": {"org.opencontainers.image.revision": (variables or {}).get("GIT_REVISION", "")},
        },
        "rootfs": {"type": "layers", "diff_ids": [_digest(layer) for layer in layers]},
    }
    with httpx.Client(base_url=f"http://{host}", auth=auth, timeout=60) as client:
        described = [_upload(client, path, layer, "application/vnd.oci.image.layer.v1.tar") for layer in layers]
        described_config = _upload(
            client, path, json.dumps(config).encode(), "application/vnd.oci.image.config.v1+json"
        )
        manifest = {"schemaVersion": 2, "mediaType": MANIFEST, "config": described_config, "layers": described}
        body = json.dumps(manifest).encode()
        for tag in tags:
            client.put(
                f"/v2/{path}/manifests/{tag}", content=body, headers={"Content-Type": MANIFEST}
            ).raise_for_status()
    return _digest(body)


def _layer_of(program: Path) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        member = tarfile.TarInfo("app")
        member.size, member.mode = program.stat().st_size, 0o755
        tar.addfile(member, io.BytesIO(program.read_bytes()))
    return buffer.getvalue()


def _upload(client: httpx.Client, path: str, blob: bytes, kind: str) -> dict[str, Any]:
    digest = _digest(blob)
    place = client.post(f"/v2/{path}/blobs/uploads/").raise_for_status().headers["Location"]
    client.put(place, params={**httpx.URL(place).params, "digest": digest}, content=blob).raise_for_status()
    return {"mediaType": kind, "digest": digest, "size": len(blob)}


def _digest(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"
