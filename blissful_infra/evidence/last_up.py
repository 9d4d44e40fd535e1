"""How the newest `up` of a project went: what lies before a good one is over."""

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


def last_up(events: Path) -> LastUp | None:
    """The newest recorded `up`; `None` when none is recorded or its record cannot be read."""
    files = sorted((path for path in events.glob("*.jsonl") if verb_of(path.stem) == "up"), reverse=True)
    if not files:
        return None
    try:
        lines = files[0].read_bytes().splitlines()
    except OSError:
        return None
    found = [
        event for line in lines if (event := run_event(line, source="runs", run_id=files[0].stem, place="")) is not None
    ]
    if not found:
        return None
    ends = [event for event in found if event.kind == "run.finished"]
    return LastUp(found[0].at, found[-1].at, bool(ends[-1].attrs.get("ok")) if ends else None)
