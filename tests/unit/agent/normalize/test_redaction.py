import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.normalize import redaction
from agent.normalize.redaction import MASK, redacted


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
        ('{"access_token": "hunter2hunter2"}', '{"access_token": "********"}'),
        ("cloned with ghp_0123456789abcdefABCDEF", "cloned with ********"),
        ("12 passwords were changed", "12 passwords were changed"),
    ],
)
def test_what_looks_like_a_password_is_masked(text: str, kept: str) -> None:
    assert redacted(text) == kept


def test_a_known_secret_is_taken_out_as_json_writes_it() -> None:
    assert redacted(json.dumps({"said": 'it is "quoted"\\'}), ['it is "quoted"\\']) == '{"said": "********"}'


WORDS = st.sampled_from(
    *[
        [
            "password",
            "Passwd=",
            "api_key",
            '"token": "',
            "bearer ",
            "Basic\t",
            "eyJhbGciOiJI.eyJzdWIi0000.c2lnbmF0",
            "ghp_",
            "postgres://me:",
            "hunter22hunter22",
            "@db/x",
            "=",
            ":",
            " ",
            "\n",
            "\n\n",
            "'",
            "AKIA",
            "line of words",
            "\r\n",
            "ſecret",
            "İ",
        ]
    ]
)


@settings(max_examples=300)
@given(st.lists(WORDS, max_size=40).map("".join))
def test_the_quick_way_masks_what_the_thorough_one_does(text: str) -> None:
    padding = "nothing to see here\n" * 200
    assert redacted(padding + text + "\n" + padding) == redaction._masked(padding + text + "\n" + padding)
