"""Whatever a file holds, it is a valid configuration or a clear refusal with exit code 3."""

import re
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from blissful_infra.settings.model import ProjectConfig
from blissful_infra.settings.problems import InvalidSettingsError
from blissful_infra.settings.reading import load_project
from tests.unit.settings.projects import GOOD

LINES = GOOD.splitlines(keepends=True)
TOKENS = sorted(set(re.findall(r"[A-Za-z0-9_./:-]+|[{}\[\],\"#]", GOOD)))
VALUES = st.one_of(
    st.sampled_from(
        [
            "{}",
            "[]",
            "~",
            "-1",
            "1e999",
            "!!binary x",
            "&a *a",
            "<<",
            "? x",
            "|",
            ">-",
            "0x1F",
            "2001-01-01",
            "'",
            '"',
            "\t",
        ]
    ),
    st.sampled_from(TOKENS),
    st.text(max_size=20),
)


def is_valid_or_refused(content: bytes) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "blissful-infra.yaml"
        path.write_bytes(content)
        outcome: ProjectConfig | InvalidSettingsError
        try:
            outcome = load_project(path, environ={})
        except InvalidSettingsError as refused:
            outcome = refused
    if isinstance(outcome, InvalidSettingsError):
        assert outcome.exit_code == 3
        assert outcome.problems
        assert all(problem.where and problem.why for problem in outcome.problems)
    else:
        assert all(service.run_argv for service in outcome.services.values())


@settings(max_examples=150)
@given(st.binary(max_size=300))
def test_arbitrary_bytes(content: bytes) -> None:
    is_valid_or_refused(content)


@settings(max_examples=150)
@given(st.text(max_size=300))
def test_arbitrary_text(text: str) -> None:
    is_valid_or_refused(text.encode("utf-8", "surrogatepass"))


@settings(max_examples=200)
@given(st.lists(st.tuples(st.sampled_from(TOKENS), VALUES), min_size=1, max_size=4))
def test_a_good_file_with_words_replaced(changes: list[tuple[str, str]]) -> None:
    text = GOOD
    for before, after in changes:
        text = text.replace(before, after, 1)
    is_valid_or_refused(text.encode("utf-8", "surrogatepass"))


@settings(max_examples=100)
@given(st.lists(st.sampled_from(LINES), max_size=30), st.integers(0, 3))
def test_a_good_file_with_lines_shuffled(lines: list[str], indent: int) -> None:
    is_valid_or_refused("".join(" " * indent + line for line in lines).encode())
