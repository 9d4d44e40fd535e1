"""Inspections recorded from a real engine (20.10, Compose 5.6), one container state each; only folders were renamed."""

import json
from pathlib import Path

from blissful_infra.stacks.docker.inspection import Container

FOLDER = Path(__file__).parent / "docker_inspections"


def recorded(name: str) -> Container:
    return Container.of(json.loads((FOLDER / f"{name}.json").read_text()))
