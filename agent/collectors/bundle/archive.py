"""A bundle in a tar archive: read into memory within bounds, never unpacked."""

import gzip
import tarfile
import zlib
from pathlib import Path, PurePosixPath
from typing import IO

from agent.collectors.bundle.errors import BundleError
from agent.collectors.bundle.files import Limits
from agent.domain.investigation import Document


def documents_in(archive: Path, gaps: list[str], limits: Limits) -> list[Document]:
    """The regular files below the folder that holds bundle.yaml; what is left out is named in `gaps`.

    Raises `BundleError` for a file that is no tar archive.
    """
    texts: dict[str, str] = {}
    left = limits.archive_octets
    try:
        with tarfile.open(archive, "r:*") as tar:
            for count, member in enumerate(tar):
                name = str(PurePosixPath(member.name))
                if count >= limits.files or left <= 0:
                    gaps.append(f"{archive.name} holds more than is read at once; the rest was not read")
                    break
                if member.isdir():
                    continue
                stream = tar.extractfile(member) if member.isfile() else None
                if stream is None:
                    gaps.append(f"{name} is no regular file and was not read")
                    continue
                data = _bytes_of(stream, name, min(limits.file_octets, left), gaps)
                left -= len(data)
                texts[name.removesuffix(".gz")] = data.decode("utf-8", "replace")
    except (tarfile.TarError, OSError, EOFError, zlib.error) as error:
        raise BundleError(f"{archive} cannot be read as a tar archive: {error}") from error
    heads = sorted((name for name in texts if PurePosixPath(name).name == "bundle.yaml"), key=len)
    if not heads:
        raise BundleError(f"{archive} holds no bundle.yaml", hint="see docs/evidence-bundle.md for the layout")
    root = heads[0].removesuffix("bundle.yaml")
    return [Document(name.removeprefix(root), text) for name, text in texts.items() if name.startswith(root)]


def _bytes_of(stream: IO[bytes], name: str, most: int, gaps: list[str]) -> bytes:
    source = gzip.GzipFile(fileobj=stream) if name.endswith(".gz") else stream
    data = source.read(most + 1)
    if len(data) > most:
        gaps.append(f"{name} is larger than {most} bytes; the rest was not read")
    return data[:most]
