"""A CI log as text without times and colours, with the step that failed.

Read are the logs of GitHub Actions (as downloaded, and as `gh run view --log` prints them), GitLab, Jenkins and Azure:

    2026-01-01T12:00:00.0000000Z ##[group]Run make test        GitHub: a step; its script and environment
    2026-01-01T12:00:00.0000000Z ##[endgroup]                          follow, then what it prints
    2026-01-01T12:00:01.0000000Z ##[error]Process completed with exit code 2.
    $ make test                                                GitLab; later `ERROR: Job failed: exit code 1`
    + make test                                                Jenkins; later `ERROR: script returned exit code 2`
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from agent.domain.investigation import LogFile

LONGEST = 500
"""Characters of a line that are looked at: one that is longer is data, not a message."""

_COLOURS = re.compile(
    r"\x1b\[[0-9;?]*[ -/]*[@-~]|\^\[\[[0-9;]*m|(?<![\w.])\[[0-9;]{1,8}m|section_(?:start|end):\d+:\S+"
)
_COLUMNS = re.compile(r"^[^\t]{1,200}\t[^\t]{1,200}\t(?=\ufeff?\d{4}-\d\d-\d\dT)")
_TIME = re.compile(r"^\ufeff?\[?\d{4}-\d\d-\d\dT[\d:.]+Z\]? ?(?:\d\d[OE]\+? ?)?")
_STEP = re.compile(r"^(?:##\[group\]Run |##\[section\]Starting: )(?P<command>.+)")
_SHELL_STEP = re.compile(r"^(?:\$|\+|\+ \+) (?P<command>\S.+)")
_EXIT = re.compile(
    r"^(?:##\[error\].*\b(?:exit code:? |exited with code ')(?P<code>\d+)|ERROR: Job failed: (?:.* )?exit (?:code|"
    r"status):? (?P<lab>\d+)"
    r"|ERROR: script returned exit code (?P<jenkins>\d+)|Exited with code exit status (?P<circle>\d+))",
    re.IGNORECASE,
)
_ERROR = re.compile(r"^(?:##\[error\]|::error|ERROR: Job failed|Finished: FAILURE)")
_NAME = re.compile(r"^(?:Complete job name: |\[Pipeline\] \{ \((?!Declarative:))(?P<name>[^)]+)")


@dataclass(frozen=True, slots=True)
class Job:
    """The lines of a job; `start` to `end` is the step that failed, `end` the line that says so.

    `body` is where the step's own output begins: before it stand its script and environment, which say nothing of
    what happened. `named` is the line that tells the job's or the stage's name, where one does.
    """

    name: str
    path: str
    lines: tuple[str, ...]
    start: int
    body: int
    end: int
    step: str
    exit_code: str | None
    named: int | None = None


def job_of(log: LogFile) -> Job:
    """The job of a log. Where no line says that it failed, the whole log is the step."""
    lines = tuple(map(_plain, log.lines))
    exits = [
        (index, next(filter(None, hit.groups()))) for index, line in enumerate(lines) if (hit := _EXIT.match(line))
    ]
    end = exits[0][0] if exits else _end_of_first_error(lines)
    start, step = _step_before(lines, end)
    named = next((index for index in range(end, -1, -1) if _NAME.match(lines[index])), None)
    return Job(
        name=log.subject,
        path=log.path,
        lines=lines,
        start=start,
        body=_body_of(lines, start, end),
        end=end,
        step=step,
        exit_code=exits[0][1] if exits else None,
        named=named,
    )


def _plain(line: str) -> str:
    line = _TIME.sub("", _COLUMNS.sub("", line[: 2 * LONGEST]), count=1)
    line = _COLOURS.sub("", line)
    if "\r" in line:
        line = next((part for part in reversed(line.split("\r")) if part.strip()), "")
    return line[:LONGEST].rstrip()


def _end_of_first_error(lines: Sequence[str]) -> int:
    """The last error line of the first step that has one: what follows in other steps follows from it."""
    first = next((index for index, line in enumerate(lines) if _ERROR.match(line)), None)
    if first is None:
        return len(lines) - 1
    last = first
    for index in range(first + 1, len(lines)):
        if _STEP.match(lines[index]) or lines[index].startswith("Post job cleanup"):
            break
        if _ERROR.match(lines[index]):
            last = index
    return last


def _step_before(lines: Sequence[str], end: int) -> tuple[int, str]:
    for pattern in (_STEP, _SHELL_STEP):
        for index in range(end, -1, -1):
            if hit := pattern.match(lines[index]):
                return index, hit["command"].strip()
    return 0, ""


def _body_of(lines: Sequence[str], start: int, end: int) -> int:
    if not lines or not lines[start].startswith("##[group]Run"):
        return start
    return next((index + 1 for index in range(start, end) if lines[index].startswith("##[endgroup]")), start)
