"""What Compose makes of the files it is given; Compose itself, which needs no engine for that."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from blissful_infra.settings.reading import load_project
from blissful_infra.stacks.docker.inputs import write_inputs
from tests.templates.rendering import ROOT, TEMPLATES, copied
from tests.unit.stacks.factories import a_plan


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_state_folder_elsewhere_gives_the_passwords_and_no_command_line_does(template: str, tmp_path: Path) -> None:
    folder, elsewhere = tmp_path / "svc", tmp_path / "it's elsewhere"
    copied(ROOT / "copier-templates" / template, folder, {"project_name": "my-service", "kafka": False})
    plan = replace(
        a_plan(load_project(folder / "blissful-infra.yaml"), runtime="docker", folder=folder), state_dir=elsewhere
    )
    elsewhere.mkdir()
    plan.secrets_file.write_text("POSTGRES_PASSWORD=from-elsewhere\n")
    command = write_inputs(plan, {}).command("config", "--format", "json")
    assert command[:2] == ["docker", "compose"]
    assert "from-elsewhere" not in " ".join(command)
    standalone = [str(Path(sys.executable).parent / "docker-compose"), *command[2:]]
    done = subprocess.run(standalone, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    services = json.loads(done.stdout)["services"]
    assert {name: service["environment"]["POSTGRES_PASSWORD"] for name, service in services.items()} == {
        "app": "from-elsewhere",
        "postgres": "from-elsewhere",
    }
    assert not (folder / ".blissful").exists()
