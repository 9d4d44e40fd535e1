"""Failing jobs, worded as the tools word them: tests/unit/agent/rca/job_logs/*.txt.

=== name | category | what the cause must say, comma-separated | a file | a test
$ command                  becomes a step of GitHub Actions; a log without it stands as the runner wrote it
output
exit 1
"""

import re
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "job_logs"


@dataclass(frozen=True)
class JobSample:
    """One failing job, and what must be said of it."""

    name: str
    category: str
    says: tuple[str, ...]
    file: str
    test: str
    lines: tuple[str, ...]


def job_samples() -> list[JobSample]:
    """All samples, in the order of their files."""
    return [_sample(block) for path in sorted(FOLDER.glob("*.txt")) for block in _blocks(path.read_text())]


def _blocks(text: str) -> list[str]:
    return re.split(r"^=== ", text, flags=re.MULTILINE)[1:]


def _sample(block: str) -> JobSample:
    head, *lines = block.rstrip("\n").split("\n")
    name, category, says, file, test = ([part.strip() for part in head.split("|")] + ["", ""])[:5]
    if lines[0].startswith("$ "):
        command, code = lines[0][2:], lines[-1].removeprefix("exit ")
        step = [f"##[group]Run {command}", command, "shell: /usr/bin/bash -e {0}", "##[endgroup]"]
        lines = [*step, *lines[1:-1], f"##[error]Process completed with exit code {code}."]
    stamped = tuple(f"2026-01-01T12:00:{number % 60:02}.0000000Z {line}" for number, line in enumerate(lines))
    return JobSample(name, category, tuple(word.strip() for word in says.split(", ")), file, test, stamped)
