import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blissful_infra.runs.recorder import Recorder
from blissful_infra.runs.redaction import MASK, redacted, redacted_document


@given(
    secret=st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=6, max_size=40),
    before=st.text(max_size=20),
    after=st.text(max_size=20),
)
def test_a_known_secret_never_survives(secret: str, before: str, after: str) -> None:
    assert secret not in redacted(before + secret + after, [secret]).replace(MASK, "")


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("postgresql://app:hunter2hunter2@localhost/app", "postgresql://app:********@localhost/app"),
        ("POSTGRES_PASSWORD=hunter2hunter2 next", "POSTGRES_PASSWORD=******** next"),
        ("Authorization: Bearer abcdefgh.ijkl", "Authorization: Bearer ********"),
        ("12 passwords were changed", "12 passwords were changed"),
    ],
)
def test_what_looks_like_a_password_is_masked(text: str, kept: str) -> None:
    assert redacted(text) == kept


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
