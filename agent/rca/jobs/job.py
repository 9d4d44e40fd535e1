"""A CI log as text without times and colours, with the step that failed."""

import re
from dataclasses import dataclass

from agent.domain.investigation import LogFile

LONGEST = 500
"""Characters of a line that are looked at: one that is longer is data, not a message."""

_COLOURS = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]|\^\[\[[0-9;]*m")
_TIME = re.compile(r"^\ufeff?\d{4}-\d\d-\d\dT[\d:.]+Z ?")
_STEP = re.compile(r"^##\[group\]Run (?P<command>.+)")
_EXIT = re.compile(r"^##\[error\].*\bexit code:? (?P<code>\d+)", re.IGNORECASE)
_ERROR = re.compile(r"^(?:##\[error\]|::error)")


@dataclass(frozen=True, slots=True)
class Job:
    """The lines of a job; `start` to `end` is the step that failed, `end` the line that says so."""

    name: str
    path: str
    lines: tuple[str, ...]
    start: int
    end: int
    step: str
    exit_code: str | None


def job_of(log: LogFile) -> Job:
    """The job of a log. Where no line says that it failed, the whole log is the step."""
    lines = tuple(_TIME.sub("", _COLOURS.sub("", line[:LONGEST])).rstrip() for line in log.lines)
    exits = [(index, hit["code"]) for index, line in enumerate(lines) if (hit := _EXIT.match(line))]
    errors = [index for index, line in enumerate(lines) if _ERROR.match(line)]
    end = exits[0][0] if exits else errors[-1] if errors else len(lines) - 1
    start = next((index for index in range(end, -1, -1) if _STEP.match(lines[index])), 0)
    step = _STEP.match(lines[start]) if lines else None
    return Job(
        name=log.subject,
        path=log.path,
        lines=lines,
        start=start,
        end=end,
        step=step["command"].strip() if step else "",
        exit_code=exits[0][1] if exits else None,
    )
