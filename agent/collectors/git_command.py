"""Asking git about a folder: reads only, bounded in time and size, and no hook or outside program is run."""

from pathlib import Path

from agent.collectors.bounded_process import printed_by

WITHIN_S = 20


class GitError(Exception):
    """git ended with an error; its first line is the message."""


def git(folder: Path, *arguments: str, most: int) -> str:
    """What git prints, at most `most` bytes of it. Takes no locks. Raises `GitError`, or `OSError` without git."""
    quiet = ("--no-optional-locks", "-c", "core.fsmonitor=false", "-c", "core.quotepath=off")
    printed = printed_by(("git", "-C", str(folder), *quiet, *arguments), most=most, within_s=WITHIN_S)
    if printed.code != 0:
        problem = printed.problem.splitlines()
        raise GitError(problem[0] if problem else f"git {arguments[0]} ended with {printed.code}")
    return printed.output
