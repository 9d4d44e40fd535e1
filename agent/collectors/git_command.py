"""Asking git about a folder: reads only, bounded in time and size, and no hook or outside program is run."""

import subprocess
import threading
from pathlib import Path

WITHIN_S = 20


class GitError(Exception):
    """git ended with an error; its first line is the message."""


def git(folder: Path, *arguments: str, most: int) -> str:
    """What git prints, at most `most` bytes of it. Takes no locks. Raises `GitError`, or `OSError` without git."""
    quiet = ("--no-optional-locks", "-c", "core.fsmonitor=false", "-c", "core.quotepath=off")
    command = ["git", "-C", str(folder), *quiet, *arguments]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        deadline = threading.Timer(WITHIN_S, process.kill)
        deadline.start()
        output = process.stdout.read(most)
        if len(output) == most:
            process.kill()
        problem = process.stderr.read(2_000).decode("utf-8", "replace").strip()
        code = process.wait()
        deadline.cancel()
    if code != 0 and len(output) < most:
        raise GitError(problem.splitlines()[0] if problem else f"git {arguments[0]} ended with {code}")
    return output.decode("utf-8", "replace")
