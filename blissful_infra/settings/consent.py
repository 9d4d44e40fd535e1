"""What a user agreed to send off this machine, kept in the user's own configuration: asked once for each host."""

import json
import os
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from blissful_infra.errors import StateFolderError


class Purpose(StrEnum):
    """What is sent."""

    MODEL = "model"
    """Redacted evidence, to a model on another machine."""
    PULL_REQUEST = "pull-request"
    """A fix with the redacted findings it rests on, to where the repository is hosted."""


@dataclass(frozen=True, slots=True)
class Consents:
    """One small JSON file: purpose, host, and when it was given."""

    path: Path

    def given(self, purpose: Purpose, host: str) -> bool:
        """Whether it was given; a file that cannot be read gives nothing."""
        return isinstance(self._read().get(purpose, {}).get(host), str)

    def give(self, purpose: Purpose, host: str, at: datetime) -> None:
        """Remember it. Raises `StateFolderError` where the file cannot be written."""
        document = self._read()
        document.setdefault(purpose.value, {})[host] = at.isoformat(timespec="seconds")
        new = self.path.with_name(f".{self.path.name}.{os.getpid()}")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with os.fdopen(os.open(new, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w", encoding="utf-8") as file:
                json.dump(document, file, indent=1)
            new.replace(self.path)
        except OSError as error:
            raise StateFolderError(
                f"cannot remember the answer in {self.path}: {error.strerror or error}",
                hint=f"make {self.path.parent} writable, or give the flag each time",
            ) from error

    def _read(self) -> dict[str, dict[str, Any]]:
        try:
            document = json.loads(self.path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        if not isinstance(document, dict):
            return {}
        return {str(key): value for key, value in document.items() if isinstance(value, dict)}
