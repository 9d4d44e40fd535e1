"""What a run is about to do, written before it does it, so that an interrupted run can be undone or named."""

import json
import os
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from blissful_infra.stacks.state.files import write_text, writing

Entry = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class OpenRun:
    """A run that began and never said it ended; `started` are the services it was about to start."""

    run_id: str
    verb: str
    began: float
    started: tuple[str, ...]


def open_run(entries: Iterable[Entry]) -> OpenRun | None:
    """The run that the journal leaves open."""
    found: OpenRun | None = None
    for entry in entries:
        act = entry.get("act")
        if act == "begin":
            found = OpenRun(str(entry["run_id"]), str(entry["verb"]), float(entry["at"]), ())
        elif act == "start" and found:
            service = str(entry["service"])
            if service not in found.started:
                found = OpenRun(found.run_id, found.verb, found.began, (*found.started, service))
        elif act == "end":
            found = None
    return found


class Journal:
    """The file `journal.jsonl` of one state folder. Holds the last run only."""

    def __init__(self, state_dir: Path) -> None:
        self.path = state_dir / "journal.jsonl"

    def entries(self) -> tuple[Entry, ...]:
        """Every whole line; a torn last one is left out."""
        found = []
        try:
            lines = self.path.read_text(encoding="utf-8").splitlines()
        except OSError:
            return ()
        for line in lines:
            try:
                entry = json.loads(line)
            except ValueError:
                continue
            if isinstance(entry, dict) and "act" in entry:
                found.append(entry)
        return tuple(found)

    def open_run(self) -> OpenRun | None:
        """The run that was begun and not ended."""
        return open_run(self.entries())

    def begin(self, run_id: str, verb: str) -> None:
        """Start the journal of a new run, in place of the last one's."""
        line = {"v": 1, "act": "begin", "run_id": run_id, "verb": verb, "at": time.time()}
        write_text(self.path, json.dumps(line) + "\n")

    def about_to(self, act: str, **facts: object) -> None:
        """Write down what comes next; on disk before this returns."""
        with writing(self.path), self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"v": 1, "act": act, "at": time.time(), **facts}) + "\n")
            file.flush()
            os.fsync(file.fileno())

    def end(self, outcome: str) -> None:
        """Close the run: `done`, `failed` or `undone`."""
        if self.open_run():
            self.about_to("end", outcome=outcome)
