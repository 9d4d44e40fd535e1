"""The program called in this process, which spares half a second of start a test."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from blissful_infra.cli import run


@dataclass(frozen=True)
class Called:
    """What a call gave."""

    code: int
    out: str
    err: str


Call = Callable[..., Called]


def caller_in(folder: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Call:
    """A function that calls `blissful-infra` in the folder, with these variables set."""
    monkeypatch.chdir(folder)

    def call(*arguments: str, **variables: str) -> Called:
        with monkeypatch.context() as context:
            for name, value in variables.items():
                context.setenv(name, value)
            time.tzset()
            capfd.readouterr()
            code = run(list(arguments))
        time.tzset()
        captured = capfd.readouterr()
        return Called(code, captured.out, captured.err)

    return call
