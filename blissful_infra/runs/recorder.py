"""Keeps a run's events: one JSON line each in `events/<run_id>.jsonl`, secrets taken out, in ansible-runner's shape."""

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from blissful_infra.runs.redaction import redacted_document, secrets_in

PROGRESS = "BLISSFUL "


def progress_in(event: Mapping[str, Any]) -> dict[str, Any] | None:
    """The progress line that a `verbose` event carries."""
    text = str(event.get("stdout", "")).strip()
    if event.get("event") != "verbose" or not text.startswith(PROGRESS):
        return None
    try:
        found = json.loads(text.removeprefix(PROGRESS))
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def kind_of(progress: Mapping[str, Any]) -> str:
    """`service`, `stack`, `delivery` or `notice`."""
    return next((kind for kind in ("service", "stack", "delivery") if kind in progress), "notice")


class Recorder:
    """Appends events to one file. Secrets that are generated while the run goes on are taken out too."""

    def __init__(self, file: Path, secrets_file: Path, *, fail: Callable[[OSError], None] | None = None) -> None:
        self.file = file
        self.secrets_file = secrets_file
        self._fail = fail
        self._descriptor: int | None = None
        self._secrets: tuple[str, ...] = ()
        self._seen_at = -1

    def __enter__(self) -> Self:
        self.file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._descriptor = os.open(self.file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def record(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """Append one event; what was written."""
        clean: dict[str, Any] = {"v": 1, **redacted_document(dict(event), self._known_secrets())}
        line = json.dumps(clean, ensure_ascii=False, default=str) + "\n"
        if self._descriptor is not None:
            try:
                os.write(self._descriptor, line.encode("utf-8", "replace"))
            except OSError as error:
                if self._fail is None:
                    raise
                self._fail(error)
        return clean

    def _known_secrets(self) -> tuple[str, ...]:
        try:
            changed = self.secrets_file.stat().st_mtime_ns
        except OSError:
            return ()
        if changed != self._seen_at:
            self._secrets = tuple(secrets_in(self.secrets_file).values())
            self._seen_at = changed
        return self._secrets
