"""Small JSON files of the state folder: written whole or not at all, and read without trusting them."""

import errno
import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from blissful_infra.errors import StateFolderError


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turns the operating system's refusal to write `path` into an error that says what to do."""
    try:
        yield
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            hint = f"free some space on the disk of {path.parent}, then run the command again"
        else:
            hint = f"make {path.parent} writable, or set BLISSFUL_HOME to a folder that is"
        raise StateFolderError(
            f"cannot write {path}: {error.strerror or error}", hint=hint, context={"file": str(path)}
        ) from error


def write_json(path: Path, document: Mapping[str, Any], *, mode: int = 0o600) -> None:
    """Replace the file in one step; a reader sees the old document or the new one."""
    write_text(path, json.dumps(document, indent=1, default=str) + "\n", mode=mode)


def write_text(path: Path, text: str, *, mode: int = 0o600) -> None:
    """Replace the file in one step, with this mode from its first byte on."""
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            Path(name).chmod(mode)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise


def read_json(path: Path) -> dict[str, Any]:
    """The document, or an empty one where the file is missing, torn or no mapping."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return document if isinstance(document, dict) else {}
