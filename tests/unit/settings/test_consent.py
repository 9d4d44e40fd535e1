"""What a user agreed to is remembered for one host and purpose, and for no other."""

import stat
from pathlib import Path

import pytest

from blissful_infra.errors import StateFolderError
from blissful_infra.settings.consent import Consents, Purpose
from tests.unit.agent.factories import NOON

HOST = "http://gpu-box:11434"


def test_consent_is_for_one_host_and_purpose(tmp_path: Path) -> None:
    consents = Consents(tmp_path / "config" / "consent.json")
    assert not consents.given(Purpose.MODEL, HOST)
    consents.give(Purpose.MODEL, HOST, NOON)
    consents.give(Purpose.PULL_REQUEST, "github.com", NOON)
    assert consents.given(Purpose.MODEL, HOST)
    assert not consents.given(Purpose.MODEL, "http://gpu-box:80")
    assert not consents.given(Purpose.PULL_REQUEST, HOST)
    assert stat.S_IMODE(consents.path.stat().st_mode) == 0o600
    assert [path.name for path in consents.path.parent.iterdir()] == ["consent.json"]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"model": []}', '{"model": {"http://gpu-box:11434": true}}', "\xff"])
def test_a_file_that_says_nothing_gives_nothing(tmp_path: Path, text: str) -> None:
    path = tmp_path / "consent.json"
    path.write_bytes(text.encode("latin-1"))
    assert not Consents(path).given(Purpose.MODEL, HOST)
    Consents(path).give(Purpose.MODEL, HOST, NOON)
    assert Consents(path).given(Purpose.MODEL, HOST)


def test_a_folder_that_cannot_be_written_is_an_error_that_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StateFolderError, match="cannot remember"):
        Consents(tmp_path / "file" / "consent.json").give(Purpose.MODEL, HOST, NOON)
