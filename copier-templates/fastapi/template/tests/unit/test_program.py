import json
import os
import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    ("environment", "arguments", "message"),
    [
        ({"PORT": "http"}, [], "PORT: "),
        ({"LOG_LEVEL": "loud"}, [], "LOG_LEVEL: "),
        ({}, ["nonsense"], "unknown arguments: nonsense"),
    ],
)
def test_what_cannot_be_run_is_said_in_the_log(environment: dict[str, str], arguments: list[str], message: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "app", *arguments],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (2, "")
    assert json.loads(done.stdout)["message"].startswith(message)
