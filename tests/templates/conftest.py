"""Every choice of every template, rendered once a session."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.templates.rendering import ROOT, copied, name_of

Projects = Callable[[str, Mapping[str, Any]], Path]


@pytest.fixture(scope="session")
def projects(tmp_path_factory: pytest.TempPathFactory) -> Projects:
    """Renders each choice once."""
    made: dict[str, Path] = {}
    folder = tmp_path_factory.mktemp("projects")

    def project(template: str, choice: Mapping[str, Any]) -> Path:
        name = f"{template}-{name_of(choice)}"
        if name not in made:
            answers = {"project_name": "my-service", **choice}
            made[name] = copied(ROOT / "copier-templates" / template, folder / name, answers)
        return made[name]

    return project
