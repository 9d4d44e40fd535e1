"""Starts each combination once, and takes it down with its data."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from _pytest.mark import ParameterSet

from tests.acceptance.running import Combination, Project

FULL = {"postgres": True, "kafka": True, "redis": True}
PAIRWISE = (FULL, {"postgres": True}, {"kafka": True}, {"redis": True})
"""Every pair of options meets in one of these."""


def combinations() -> Iterator[ParameterSet]:
    for template in ("fastapi", "spring-boot"):
        java = [pytest.mark.needs_java] if template == "spring-boot" else []
        for options in PAIRWISE:
            marks = [*java, pytest.mark.needs_java] if options.get("kafka") else java
            combination = Combination(template, "process", **options)
            yield pytest.param(combination, id=str(combination), marks=[*marks, pytest.mark.slow])
        combination = Combination(template, "docker", **FULL)
        yield pytest.param(combination, id=str(combination), marks=[pytest.mark.slow, pytest.mark.needs_docker])


def parameters_of(item: pytest.Item) -> dict[str, Any]:
    """What a parametrized test is run with; pytest has it on functions only."""
    return item.callspec.params if isinstance(item, pytest.Function) and hasattr(item, "callspec") else {}


def applies(item: pytest.Item) -> bool:
    """Whether a test has anything to prove on its combination: its `dependency`, and what it is marked with."""
    parameters = parameters_of(item)
    combination = parameters.get("project")
    if not isinstance(combination, Combination):
        return True
    marker = item.get_closest_marker("applies_to")
    about = marker.kwargs if marker else {}
    needs = {*about.get("needs", ()), *([parameters["dependency"]] if "dependency" in parameters else [])}
    return needs <= set(combination.needs) and about.get("runtime", combination.runtime) == combination.runtime


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what does not apply (it is no skipped test, there is no such case); allow the first `up` its build."""
    for item in items:
        if isinstance(parameters_of(item).get("project"), Combination):
            item.add_marker(pytest.mark.timeout(900))
    left_out = [item for item in items if not applies(item)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in set(left_out)]


@pytest.fixture(scope="session", params=list(combinations()))
def project(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """A project of this combination, created and up."""
    combination: Combination = request.param
    home = tmp_path_factory.mktemp(str(combination))
    environ = {
        **{name: value for name, value in os.environ.items() if not name.startswith("XDG_")},
        "XDG_STATE_HOME": str(home / "state"),
        "XDG_CONFIG_HOME": str(home / "config"),
        "NO_COLOR": "1",
    }
    project = Project(home / "svc", combination, environ)
    project.folder.parent.mkdir(parents=True, exist_ok=True)
    creator = Project(home, combination, environ)
    creator.cli("create", "svc", "--template", combination.template, *combination.flags, "--no-input")
    prepare(project.folder, combination)
    try:
        project.cli("up", "--runtime", combination.runtime)
        yield project
    finally:
        down = project.cli("down", "--volumes", "--yes", check=False)
    assert down.returncode == 0, down.stderr


def prepare(folder: Path, combination: Combination) -> None:
    """Ports that no other stack on this machine has, and the images that can be had here."""
    from ruamel.yaml import YAML

    from tests.ports import free_ports

    yaml = YAML()
    file = folder / "blissful-infra.yaml"
    document = yaml.load(file)
    (port,) = free_ports(1)
    document["services"]["app"]["port"] = port
    if combination.runtime == "docker":
        from tests.engines.docker import image_overrides

        document["images"] = image_overrides()
    yaml.dump(document, file)
