"""Writes a bundle's documents as a folder or as a tar.gz archive: whole or not at all, readable by their owner only."""

import io
import shutil
import tarfile
import tempfile
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from agent.domain.investigation import Document
from blissful_infra.errors import StateFolderError, UsageError

ARCHIVES = (".tar.gz", ".tgz")


def refuse_existing(target: Path) -> None:
    """Raise `UsageError` where something is that a bundle would replace."""
    if target.is_symlink() or target.exists():
        raise UsageError(f"{target} is there already", hint="give --output another name, or remove it first")


def write_bundle(documents: Sequence[Document], target: Path) -> None:
    """Write them to `target`, an archive if its name says so. Raises `UsageError` when it exists.

    Raises `StateFolderError` when it cannot be written; nothing is left then.
    """
    refuse_existing(target)
    texts = {_inside(document.path): document.text.encode("utf-8", "replace") for document in documents}
    try:
        with tempfile.TemporaryDirectory(prefix=f".{target.name}.", dir=target.parent) as scratch:
            if target.name.endswith(ARCHIVES):
                made = Path(scratch) / "archive"
                _archive(texts, made, target.name.removesuffix(".tgz").removesuffix(".tar.gz"))
            else:
                made = Path(scratch) / "folder"
                _folder(texts, made)
            refuse_existing(target)
            shutil.move(made, target)
    except OSError as error:
        raise StateFolderError(
            f"{target} cannot be written: {error.strerror or error}", hint="give --output a place that can be written"
        ) from error


def _folder(texts: dict[str, bytes], folder: Path) -> None:
    folder.mkdir(mode=0o700)
    for path, data in texts.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        file.touch(mode=0o600)
        file.write_bytes(data)


def _archive(texts: dict[str, bytes], file: Path, root: str) -> None:
    file.touch(mode=0o600)
    with tarfile.open(file, "w:gz") as tar:
        for path, data in texts.items():
            member = tarfile.TarInfo(f"{root}/{path}")
            member.size, member.mode = len(data), 0o600
            tar.addfile(member, io.BytesIO(data))


def _inside(path: str) -> str:
    """The path, which a source made from names that others chose."""
    if path.startswith("/") or ".." in PurePosixPath(path).parts:
        raise ValueError(f"a bundle holds no {path!r}")
    return path
