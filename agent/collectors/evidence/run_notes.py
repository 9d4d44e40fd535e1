"""What playbook runs did and how they failed, written down: one line an event."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from agent.collectors.evidence.bounding import newest
from agent.collectors.run_events import RunEvents
from agent.domain import Bound, CollectedStatus, Event, Window
from agent.domain.gathered import Gathered
from agent.domain.investigation import Document

NOTE = "notes/runs.txt"
_LONGEST = 2_000


class RunNotes:
    """`notes/runs.txt`: starts and ends of runs, failed tasks, and what became of each service.

    Runs count from `before` the window on, as long as none of them ended well: what went wrong since is not over.
    """

    name = "runs"

    def __init__(self, folder: Path, *, before: timedelta = timedelta()) -> None:
        self._events = RunEvents(folder)
        self._before = before

    def gather(self, window: Window, bound: Bound) -> Gathered:
        """The events of the window, the newest where the bound cuts."""
        found = self._events.collect(Window(window.since - self._before, window.until), bound)
        if found.status is CollectedStatus.UNAVAILABLE:
            return Gathered.unavailable(self.name, found.detail)
        events = _not_over(found.records, window)
        lines = [line_of(event) for event in events]
        kept, cut = newest(lines, bound)
        documents = (Document(NOTE, "\n".join(kept) + "\n"),) if kept else ()
        failed = sum(event.kind in ("task.failed", "task.unreachable") for event in events)
        detail = f"{len({event.run_id for event in events})} runs, {failed} failed tasks"
        return Gathered.of(self.name, documents, detail=detail, truncated=found.truncated or cut)


def _not_over(events: Sequence[Event], window: Window) -> Sequence[Event]:
    """The events without those before the window that a run which ended well came after."""
    good = [number for number, event in enumerate(events) if event.at < window.since and event.attrs.get("ok") is True]
    return events[good[-1] + 1 :] if good else events


def line_of(event: Event) -> str:
    """Such as `2026-01-01T12:00:00+00:00 up service.failed postgres: postgres failed: no space left`."""
    message = " | ".join(line.strip() for line in event.message.splitlines() if line.strip())[:_LONGEST]
    task = f" [{event.attrs['task']}]" if event.attrs.get("task") else ""
    verb = event.attrs.get("verb") or "run"
    return f"{event.at.isoformat(timespec='seconds')} {verb} {event.kind} {event.subject}{task}: {message}"
