"""How the newest `up`s of a project went: what lies before a good one is over."""

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from agent.normalize.run_event import run_event, verb_of


@dataclass(frozen=True, slots=True)
class LastUp:
    """When it began and ended; `ok` is whether it ended well, `None` while it runs or when it was cut off."""

    began: datetime
    ended: datetime
    ok: bool | None


MOST = 50
"""So many are looked at, the newest."""


def last_up(events: Path) -> LastUp | None:
    """The newest recorded `up`; `None` when none is recorded or its record cannot be read."""
    return next(last_ups(events), None)


def last_ups(events: Path) -> Iterator[LastUp]:
    """The recorded `up`s, the newest first. One that only looked (`--dry-run`) and one that cannot be read are none."""
    files = sorted((path for path in events.glob("*.jsonl") if verb_of(path.stem) == "up"), reverse=True)
    for file in files[:MOST]:
        if (run := None if _only_looked(file) else _read(file)) is not None:
            yield run


def _only_looked(file: Path) -> bool:
    with suppress(OSError, ValueError, AttributeError):
        return bool(json.loads((file.parent.parent / "runs" / file.stem / "run.json").read_bytes()).get("check"))
    return False


def _read(file: Path) -> LastUp | None:
    try:
        lines = file.read_bytes().splitlines()
    except OSError:
        return None
    found = [
        event for line in lines if (event := run_event(line, source="runs", run_id=file.stem, place="")) is not None
    ]
    if not found:
        return None
    ends = [event for event in found if event.kind == "run.finished"]
    return LastUp(found[0].at, found[-1].at, bool(ends[-1].attrs.get("ok")) if ends else None)
