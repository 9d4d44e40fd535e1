"""A real image registry for the tests: Debian's docker-registry as a process, on a port of its own."""

import hashlib
import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

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


def put_image(host: str, path: str, tags: tuple[str, ...], *, content: str = "x", guarded: bool = False) -> str:
    """Upload an image without layers under these tags, as a push does; its digest."""
    auth = (USER, PASSWORD) if guarded else None
    with httpx.Client(base_url=f"http://{host}", auth=auth) as client:
        config = json.dumps({"architecture": "amd64", "os": "linux", "author": content}).encode()
        digest = f"sha256:{hashlib.sha256(config).hexdigest()}"
        place = client.post(f"/v2/{path}/blobs/uploads/").raise_for_status().headers["Location"]
        client.put(place, params={**httpx.URL(place).params, "digest": digest}, content=config).raise_for_status()
        manifest = {
            "schemaVersion": 2,
            "mediaType": MANIFEST,
            "config": {"mediaType": "application/vnd.oci.image.config.v1+json", "digest": digest, "size": len(config)},
            "layers": [],
        }
        body = json.dumps(manifest).encode()
        for tag in tags:
            client.put(
                f"/v2/{path}/manifests/{tag}", content=body, headers={"Content-Type": MANIFEST}
            ).raise_for_status()
    return f"sha256:{hashlib.sha256(body).hexdigest()}"
