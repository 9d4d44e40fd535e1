"""A model on another machine, as a person on a terminal is asked about it: once for each host."""

import json
import os
import sys
from pathlib import Path

import pexpect
import pytest

from tests.fakes import OllamaStandIn
from tests.unit.settings.projects import a_project

pytestmark = pytest.mark.slow
QUESTION = "Send redacted evidence to the model at"


def asked(folder: Path, host: str, *arguments: str) -> "pexpect.spawn[str]":
    program = str(Path(sys.executable).parent / "blissful")
    environ = os.environ | {
        "TERM": "xterm",
        "NO_COLOR": "1",
        "OLLAMA_HOST": host,
        "XDG_CONFIG_HOME": str(folder / "config"),
    }
    command = ["agent", "-q", "what failed?", *arguments]
    return pexpect.spawn(program, command, cwd=folder, env=environ, encoding="utf-8", timeout=60, dimensions=(40, 200))


def test_a_yes_is_remembered_for_that_host_and_a_no_is_not(tmp_path: Path) -> None:
    a_project(tmp_path)
    logs = tmp_path / ".blissful" / "logs"
    logs.mkdir(parents=True)
    (logs / "app.log").write_text("ERROR: connection refused\n")
    consent = tmp_path / "config" / "blissful-infra" / "consent.json"
    with OllamaStandIn(says=["-"]) as ollama:
        host = ollama.url.replace("127.0.0.1", "127.1")  # not taken for this machine
        refusing = asked(tmp_path, host)
        refusing.expect(QUESTION)
        refusing.sendline("n")
        refusing.expect("is not this machine")
        refusing.expect(pexpect.EOF)
        assert (ollama.requests, consent.exists()) == ([], False)

        agreeing = asked(tmp_path, host)
        agreeing.expect(QUESTION)
        agreeing.sendline("y")
        agreeing.expect("model: llama3.1:8b")
        agreeing.expect(pexpect.EOF)
        assert list(json.loads(consent.read_text())["model"]) == [host]

        again = asked(tmp_path, host)
        assert again.expect([QUESTION, "model: llama3.1:8b"]) == 1
        again.expect(pexpect.EOF)
        consent.unlink()
        quiet = asked(tmp_path, host, "--no-input")
        assert quiet.expect([QUESTION, "is not this machine"]) == 1
        quiet.expect(pexpect.EOF)
    assert len(ollama.requests) == 2
