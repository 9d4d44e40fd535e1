#!/usr/bin/env python3
"""A FROM-scratch image of one static binary, as a docker archive: image.py REFERENCE BINARY --output TAR."""

import argparse
import hashlib
import io
import json
import tarfile
from pathlib import Path


def archive(files: dict[str, tuple[bytes, int]]) -> bytes:
    """A tar of contents and modes by name, the same bytes each time."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for name, (content, mode) in files.items():
            member = tarfile.TarInfo(name)
            member.size, member.mode = len(content), mode
            if name.endswith("/"):
                member.type = tarfile.DIRTYPE
            tar.addfile(member, io.BytesIO(content))
    return buffer.getvalue()


def image(reference: str, binary: Path, command: list[str]) -> bytes:
    """The docker archive; the program runs as an unprivileged user."""
    layer = archive({"tmp/": (b"", 0o1777), "app": (binary.read_bytes(), 0o755)})
    config = json.dumps(
        {
            "architecture": "amd64",
            "os": "linux",
            "config": {"Entrypoint": ["/app"], "Cmd": command, "User": "65532:65532", "Env": ["PATH=/"]},
            "rootfs": {"type": "layers", "diff_ids": [f"sha256:{hashlib.sha256(layer).hexdigest()}"]},
            "history": [{"created": "1970-01-01T00:00:00Z", "created_by": "tests/cluster/image.py"}],
        }
    ).encode()
    name = f"{hashlib.sha256(config).hexdigest()}.json"
    manifest = json.dumps([{"Config": name, "RepoTags": [reference], "Layers": ["layer.tar"]}]).encode()
    return archive({name: (config, 0o644), "layer.tar": (layer, 0o644), "manifest.json": (manifest, 0o644)})


def main() -> None:
    """Write the archive that the arguments describe."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("reference")
    parser.add_argument("binary", type=Path)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--command", nargs="*", default=[])
    arguments = parser.parse_args()
    arguments.output.write_bytes(image(arguments.reference, arguments.binary.resolve(), arguments.command))


if __name__ == "__main__":
    main()
