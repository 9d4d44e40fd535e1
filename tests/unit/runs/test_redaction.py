import json
from pathlib import Path

from agent.normalize.redaction import MASK
from blissful_infra.runs.recorder import Recorder
from blissful_infra.runs.redaction import redacted_document


def test_a_value_under_a_passwords_name_is_masked_and_the_document_stays_json() -> None:
    document = {"password": "hunter2", "token": None, "count": 3, "list": [{"api_key": "abc"}]}
    assert redacted_document(document) == {"password": MASK, "token": None, "count": 3, "list": [{"api_key": MASK}]}


def test_a_secret_made_while_recording_is_taken_out(tmp_path: Path) -> None:
    secrets_file = tmp_path / "secrets.env"
    with Recorder(tmp_path / "events" / "r.jsonl", secrets_file) as recorder:
        recorder.record({"event": "runner_on_start"})
        secrets_file.write_text("POSTGRES_PASSWORD=5f4dcc3b5aa765d6\n")
        recorder.record({"event": "runner_on_ok", "event_data": {"res": {"stdout": "uses 5f4dcc3b5aa765d6"}}})
    lines = (tmp_path / "events" / "r.jsonl").read_text().splitlines()
    assert json.loads(lines[1])["event_data"]["res"]["stdout"] == f"uses {MASK}"
    assert all(json.loads(line)["v"] == 1 for line in lines)
    assert (tmp_path / "events" / "r.jsonl").stat().st_mode & 0o777 == 0o600
