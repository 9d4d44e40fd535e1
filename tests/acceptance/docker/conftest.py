"""Small projects whose application is one Python file: the docker runtime without a template's build."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.acceptance.docker.small_project import SmallProject
from tests.ports import free_ports


@pytest.fixture
def make_project(tmp_path: Path) -> Iterator[Callable[..., SmallProject]]:
    """Makes projects in folders of their own; whatever they leave is removed."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("XDG_")}
    environ |= {"XDG_STATE_HOME": str(tmp_path / "state"), "NO_COLOR": "1"}
    made: list[SmallProject] = []

    def make(folder: str = "one", *, port: int | None = None, **compose: str) -> SmallProject:
        project = SmallProject(tmp_path / folder / "small", environ)
        project.write(port or free_ports(1)[0], **compose)
        made.append(project)
        return project

    yield make
    for project in made:
        project.cli("down", "--volumes", "--yes")


@pytest.fixture
def project(make_project: Callable[..., SmallProject]) -> SmallProject:
    return make_project()
