"""`agent` as a user calls it: one question, a conversation over a pipe, with and without a model."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fakes import OllamaStandIn
from tests.schemas import check_against_schema
from tests.unit.cli.calling import Call, caller_in
from tests.unit.settings.projects import a_project

NOBODY = "127.0.0.1:9"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    a_project(tmp_path)
    logs = tmp_path / ".blissful" / "logs"
    logs.mkdir(parents=True)
    (logs / "app.log").write_text("INFO: started\nERROR: connection refused\n")
    (tmp_path / ".blissful" / "secrets.env").write_text("POSTGRES_PASSWORD=s3cr3t-value\n")
    return tmp_path


@pytest.fixture
def call(project: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Call:
    return caller_in(project, capfd, monkeypatch)


def test_recent_logs_are_shown_without_any_model(call: Call) -> None:
    done = call("agent", "--query", "show me recent logs", OLLAMA_HOST=NOBODY)
    assert done.code == 0
    assert done.out.startswith("Here are all 2 log entries:\n")
    assert "connection refused" in done.out
    assert "Seen: process-logs (2;" in done.out
    assert "Not seen: git: " in done.out
    assert "model: none (no Ollama answers at http://127.0.0.1:9" in done.err


@pytest.mark.parametrize(
    "question", ["show me recent logs", "what failed?", "why is app not ready?", "what changed?", "sing"]
)
def test_json_keeps_its_schema_and_cites_events(call: Call, question: str) -> None:
    done = call("agent", "-q", question, "-o", "json", "--no-model")
    document = json.loads(done.out)
    check_against_schema("agent.v1", document)
    assert document["model"]["reason"] == "--no-model"


def test_a_model_words_the_answer_after_the_evidence(call: Call) -> None:
    first = json.loads(call("agent", "-q", "what failed?", "-o", "json", "--no-model").out)
    event_id = first["findings"][0]["evidence"][0]["event_ids"][0]
    says = [f"It was refused [{event_id}]. ", "All is well [ffffffffffffffff]."]
    with OllamaStandIn(["llama3.1:8b"], says=says) as ollama:
        done = call("agent", "-q", "what failed?", OLLAMA_HOST=ollama.url)
    assert done.out.splitlines()[-1] == f"  model says: It was refused [{event_id}]."
    assert "All is well" not in done.out
    assert "model: llama3.1:8b (configured)" in done.err
    assert "1 sentence(s) of the model cited no event that exists" in done.err
    assert "s3cr3t-value" not in json.dumps(ollama.requests)


@pytest.mark.parametrize("fault", ["dies", "ends", "nonsense", "error"])
def test_a_model_that_fails_leaves_the_answer_standing(call: Call, fault: str) -> None:
    with OllamaStandIn(says=["Well"], fault=fault) as ollama:
        done = call("agent", "-q", "what failed?", OLLAMA_HOST=ollama.url)
    assert done.code == 0
    assert done.out.startswith("1 thing went wrong:")
    assert "the answer above stands on the evidence" in done.err


def test_a_model_elsewhere_is_not_asked_without_leave(call: Call) -> None:
    done = call("agent", "-q", "what failed?", OLLAMA_HOST="192.0.2.1")
    assert "model: none (http://192.0.2.1:11434 is not this machine; --remote-model" in done.err


def test_over_a_pipe_each_line_is_a_question(project: Path) -> None:
    program = Path(sys.executable).parent / "blissful-infra"
    lines = "/help\n\nshow me recent logs\n/sources\n/nonsense\n/quit\nwhat failed?\n"
    command: list[str | Path] = [program, "agent", "--no-model"]
    done = subprocess.run(command, cwd=project, input=lines, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0
    assert "why is app not ready?" in done.stdout
    assert "Here are all 2 log entries:" in done.stdout
    assert "process-logs  ok" in done.stdout
    assert "There is no /nonsense" in done.stderr
    assert "went wrong" not in done.stdout


@pytest.mark.parametrize("word", ["quit", "exit", "/exit"])
def test_a_word_leaves_the_conversation(project: Path, word: str) -> None:
    command: list[str | Path] = [Path(sys.executable).parent / "blissful-infra", "agent", "--no-model"]
    lines = f"{word}\nwhat failed?\n"
    done = subprocess.run(command, cwd=project, input=lines, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stdout) == (0, "")


def test_an_empty_question_is_wrong_usage(call: Call) -> None:
    assert call("agent", "-q", " ").code == 2


def test_outside_a_project_the_way_in_is_told(project: Path, call: Call) -> None:
    (project / "blissful-infra.yaml").unlink()
    done = call("agent", "-q", "what failed?")
    assert done.code == 3
    assert "blissful-infra create" in done.err
