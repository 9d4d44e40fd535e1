"""The records of playbook runs: `<run id>.jsonl`, one event a line, newest runs first until the bound is reached."""

from pathlib import Path

from agent.collectors.log_files import LineReader
from agent.domain import Bound, Collected, Event, Window
from agent.normalize.run_event import run_event


class RunEvents:
    """Reads a folder of run records; a torn last line is passed over."""

    name = "run-events"

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def collect(self, window: Window, bound: Bound) -> Collected:
        """`run.*`, `task.*` and `service.*` events."""
        try:
            files = sorted(self._folder.glob("*.jsonl"), key=lambda path: path.stat().st_mtime, reverse=True)
            found: list[Event] = []
            octets, runs, cut = bound.octets, 0, False
            for path in files:
                if path.stat().st_mtime < window.since.timestamp():
                    continue
                if octets <= 0 or len(found) >= bound.records:
                    cut = True
                    break
                octets -= path.stat().st_size
                found += self._events(path, window)
                runs += 1
        except OSError as error:
            return Collected.unavailable(self.name, f"{self._folder.name}: {error.strerror or error}")
        if not self._folder.is_dir():
            return Collected.unavailable(self.name, "no run has been recorded yet")
        found.sort(key=lambda event: event.at)
        cut = cut or len(found) > bound.records
        return Collected.of(self.name, tuple(found[-bound.records :]), detail=f"{runs} runs", truncated=cut)

    def _events(self, path: Path, window: Window) -> list[Event]:
        with path.open("rb") as file:
            numbered = enumerate((line for _, line in LineReader(file).lines()), start=1)
            events = (
                run_event(line, source=self.name, run_id=path.stem, place=f"{path.name}:{number}")
                for number, line in numbered
            )
            return [event for event in events if event is not None and event.at in window]
