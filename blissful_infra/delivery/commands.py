"""Runs the programs that delivery rests on (git, Docker, a provider's login), and says what went wrong in a line."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from blissful_infra.errors import MissingToolError, RunFailedError

LAST_LINES = 20


class CommandFailedError(RunFailedError):
    """A program that a delivery needs ended with an error."""

    code = "command-failed"


def run(
    argv: Sequence[str],
    *,
    why: str,
    hint: str | None = None,
    folder: Path | None = None,
    variables: Mapping[str, str] | None = None,
    stdin: str | None = None,
) -> str:
    """What the program prints. `why` says what could not be done when it fails."""
    said = run_bytes(argv, why=why, hint=hint, folder=folder, variables=variables, stdin=stdin)
    return said.decode(errors="replace")


def run_bytes(
    argv: Sequence[str],
    *,
    why: str,
    hint: str | None = None,
    folder: Path | None = None,
    variables: Mapping[str, str] | None = None,
    stdin: str | None = None,
) -> bytes:
    """The same, for what is no text."""
    try:
        done = subprocess.run(
            list(argv),
            cwd=folder,
            env={**os.environ, **(variables or {})},
            input=(stdin or "").encode(),
            capture_output=True,
            check=False,
        )
    except FileNotFoundError:
        raise MissingToolError(
            f"{why}: {argv[0]} is not installed", hint=f"install {argv[0]}, and make sure that PATH finds it"
        ) from None
    if done.returncode != 0:
        text = (done.stderr.strip() or done.stdout.strip()).decode(errors="replace")
        said = text.splitlines()[-LAST_LINES:]
        raise CommandFailedError(why, hint=hint, context={"last lines": "\n" + "\n".join(said)} if said else None)
    return done.stdout
