"""What changed, what an override swaps, and which files Compose is given."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from blissful_infra.stacks.docker.compose import (
    ComposeProject,
    ComposeService,
    changed_services,
    files_with,
    image_overrides,
    version_notices,
)
from blissful_infra.stacks.docker.inspection import Container
from tests.unit.stacks.docker_recordings import recorded

REDIS = ComposeService("healthy", "redis:8", "hash", None)
APP = ComposeService("app", "my-service:local", "hash", {"context": ".", "args": {"RUNTIME_IMAGE": "python:3.12-slim"}})
IDS = {"redis:8": "sha256:1"}


def running(config_hash: str = "hash", image_id: str = "sha256:1", **changes: Any) -> Container:
    return replace(recorded("healthy"), config_hash=config_hash, image_id=image_id, **changes)


def test_what_runs_as_defined_has_not_changed() -> None:
    assert changed_services({"healthy": REDIS}, [running()], IDS) == ()


def test_a_missing_container_is_a_change() -> None:
    assert changed_services({"healthy": REDIS}, [], IDS) == ("healthy",)


def test_another_definition_is_a_change() -> None:
    assert changed_services({"healthy": REDIS}, [running(config_hash="old")], IDS) == ("healthy",)


def test_another_image_of_the_same_name_is_a_change() -> None:
    assert changed_services({"healthy": REDIS}, [running(image_id="sha256:0")], IDS) == ("healthy",)


def test_a_container_that_the_file_no_longer_names_is_a_change() -> None:
    assert changed_services({"healthy": REDIS}, [running(), running(service="old")], IDS) == ("old",)


def test_images_are_swapped_where_they_are_run_and_where_they_are_built_upon() -> None:
    images = {"redis:8": "mirror.example/redis:8", "python:3.12-slim": "mirror.example/python:3.12"}
    assert image_overrides({"healthy": REDIS, "app": APP}, images) == {
        "services": {
            "healthy": {"image": "mirror.example/redis:8"},
            "app": {"build": {"args": {"RUNTIME_IMAGE": "mirror.example/python:3.12"}}},
        }
    }


def test_nothing_is_overridden_where_nothing_matches() -> None:
    assert image_overrides({"healthy": REDIS, "app": APP}, {"postgres:18": "other"}) == {}


def test_an_override_comes_after_the_files_compose_finds_by_itself(tmp_path: Path) -> None:
    for name in ("docker-compose.yml", "compose.yaml", "compose.override.yaml"):
        (tmp_path / name).touch()
    override = tmp_path / "images.yaml"
    assert files_with(override, tmp_path) == (tmp_path / "compose.yaml", tmp_path / "compose.override.yaml", override)


def test_a_command_names_project_files_and_variables(tmp_path: Path) -> None:
    project = ComposeProject("my-service-0123abcd", tmp_path, (tmp_path / "secrets.env",))
    command = project.command("config")
    assert command[:2] == ["docker", "compose"]
    assert command[-5:] == [
        "--project-name",
        "my-service-0123abcd",
        "--env-file",
        str(tmp_path / "secrets.env"),
        "config",
    ]


def test_another_version_than_asked_for_is_said() -> None:
    assert version_notices({"healthy": "7.4"}, {"healthy": REDIS}) == (
        "Healthy 7.4 was asked for; compose.yaml runs redis:8",
    )


def test_a_version_of_the_series_asked_for_is_not_mentioned() -> None:
    services = {name: replace(REDIS, image=f"redis:{name}") for name in ("8", "8.2.1-alpine", "latest")}
    assert version_notices(dict.fromkeys(services, "8"), services) == ()
