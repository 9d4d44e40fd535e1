"""A created project for the benchmarks that need one, taken down with its data whatever happens."""

import json
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.rows import plain_environment, seconds_of
from tests.ports import free_ports

DOWN = ["blissful-infra", "down", "--volumes", "--yes"]


class MeasuredProject:
    """Where it will be created, and the environment its commands run in."""

    def __init__(self, scratch: Path) -> None:
        self.folder = scratch / "measured"
        self.env = {**plain_environment(), "XDG_STATE_HOME": str(scratch / "state")}

    def create(self, *options: str) -> None:
        """The command as a person types it."""
        seconds_of(
            ["blissful-infra", "create", self.folder.name, *options, "--no-input"], cwd=self.folder.parent, env=self.env
        )

    def run(self, *argv: str) -> float:
        """Seconds that a command takes in the project's folder."""
        return seconds_of(argv, cwd=self.folder, env=self.env)

    def configure(self, **settings: Any) -> None:
        """A free port for the service, and further settings of blissful-infra.yaml."""
        from ruamel.yaml import YAML

        yaml = YAML()
        file = self.folder / "blissful-infra.yaml"
        document = yaml.load(file)
        (document["services"]["app"]["port"],) = free_ports(1)
        document.update(settings)
        yaml.dump(document, file)

    def url(self) -> str:
        """Where the service answers, as `status` tells it."""
        said = subprocess.run(
            ["blissful-infra", "status", "-o", "json"], cwd=self.folder, env=self.env, capture_output=True, check=True
        )
        services = json.loads(said.stdout)["stacks"][0]["services"]
        return str(next(service["url"] for service in services if service["name"] == "app"))


@contextmanager
def measured_project() -> Iterator[MeasuredProject]:
    """A place for one project."""
    with tempfile.TemporaryDirectory() as scratch:
        project = MeasuredProject(Path(scratch))
        try:
            yield project
        finally:
            if project.folder.is_dir():
                subprocess.run(DOWN, cwd=project.folder, env=project.env, capture_output=True, check=False)
