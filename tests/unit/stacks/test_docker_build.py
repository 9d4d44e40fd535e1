"""When an image is built again."""

import os
from pathlib import Path
from typing import Any

import pytest

from blissful_infra.stacks.docker.build import fingerprint_of


@pytest.fixture
def build(tmp_path: Path) -> dict[str, Any]:
    (tmp_path / "Dockerfile").write_text("FROM scratch\n")
    (tmp_path / ".dockerignore").write_text("# what is made here\n.blissful\ntarget/\n")
    (tmp_path / "src").mkdir()
    (tmp_path / "src/app.py").write_text("print(1)\n")
    return {"context": str(tmp_path), "dockerfile": "Dockerfile", "args": {"BUILD_TIME": "1", "GIT_REVISION": "abc"}}


def test_untouched_sources_keep_their_fingerprint(build: dict[str, Any]) -> None:
    assert fingerprint_of(build) == fingerprint_of(build)


def test_a_changed_file_of_equal_size_changes_it(build: dict[str, Any]) -> None:
    before = fingerprint_of(build)
    source = Path(build["context"]) / "src/app.py"
    source.write_text("print(2)\n")
    os.utime(source, ns=(0, 1))
    assert fingerprint_of(build) != before


@pytest.mark.parametrize("name", ["src/new.py", "Dockerfile.dev"])
def test_a_new_file_changes_it(build: dict[str, Any], name: str) -> None:
    before = fingerprint_of(build)
    (Path(build["context"]) / name).touch()
    assert fingerprint_of(build) != before


@pytest.mark.parametrize("name", [".blissful/ports.json", "target/app.jar"])
def test_what_dockerignore_leaves_out_does_not_count(build: dict[str, Any], name: str) -> None:
    before = fingerprint_of(build)
    path = Path(build["context"]) / name
    path.parent.mkdir()
    path.touch()
    assert fingerprint_of(build) == before


def test_a_new_commit_changes_it_and_the_time_of_the_build_does_not(build: dict[str, Any]) -> None:
    before = fingerprint_of(build)
    build["args"]["BUILD_TIME"] = "2"
    assert fingerprint_of(build) == before
    build["args"]["GIT_REVISION"] = "def"
    assert fingerprint_of(build) != before


def test_a_context_elsewhere_has_none(build: dict[str, Any]) -> None:
    assert fingerprint_of({**build, "context": "https://example.invalid/repository.git"}) is None
