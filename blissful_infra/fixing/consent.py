"""What a person agreed to once for a project: to send redacted texts to a place that is not this machine."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path

from blissful_infra.errors import StateFolderError


class Consents:
    """The file `consents.json` of one state folder; removing it takes all consent back."""

    def __init__(self, state_dir: Path) -> None:
        self._path = state_dir / "consents.json"

    def has(self, place: str) -> bool:
        """Whether somebody agreed to send to this place."""
        return place in self._read()

    def give(self, place: str) -> None:
        """Remember a yes."""
        given = {**self._read(), place: datetime.now(UTC).isoformat(timespec="seconds")}
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            scratch = self._path.with_suffix(f".{os.getpid()}")
            scratch.write_text(json.dumps({"v": 1, "given": given}, indent=2) + "\n", encoding="utf-8")
            scratch.replace(self._path)
        except OSError as error:
            raise StateFolderError(
                f"cannot write {self._path}: {error.strerror or error}", hint="make the folder writable"
            ) from error

    def _read(self) -> dict[str, str]:
        try:
            given = json.loads(self._path.read_text(encoding="utf-8"))["given"]
        except (OSError, ValueError, KeyError, TypeError):
            return {}
        return {str(place): str(at) for place, at in given.items()} if isinstance(given, dict) else {}
