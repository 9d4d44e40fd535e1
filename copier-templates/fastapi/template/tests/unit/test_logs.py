import json
import subprocess
import sys

import pytest

PROGRAM = "from app import logs; from app.identity import Identity; logs.configure(Identity())\n"


@pytest.mark.parametrize(
    ("ending", "message"),
    [
        ("raise ValueError('a\\nb')", "uncaught error"),
        ("import threading; t = threading.Thread(target=lambda: 1 / 0); t.start(); t.join()", "uncaught error"),
        ("import warnings; warnings.warn('beware')", "beware"),
        ("import logging; logging.error('%d', 'no number'); logging.error('still here')", "still here"),
        ("import logging; logging.error('\\u2028 \\udc80 \\x85')", "\u2028 \udc80 \x85"),
    ],
)
def test_whatever_python_says_is_one_json_object_a_line(ending: str, message: str) -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM + ending], capture_output=True, text=True, check=False)
    assert done.stderr == ""
    (line,) = done.stdout.splitlines()
    assert message in json.loads(line)["message"]
