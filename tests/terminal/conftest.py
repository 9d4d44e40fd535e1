"""A toy stack that is taken down whatever the test did."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.terminal.toy import a_toy, run


@pytest.fixture
def toy(tmp_path: Path) -> Iterator[Path]:
    """A project folder whose stack is down again after the test."""
    yield a_toy(tmp_path)
    done = run(tmp_path, "down", "--wait", "30")
    assert done.returncode == 0, done.stderr
