"""`config show`, `validate`, `schema`, and `completion`."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from jsonschema import Draft7Validator
from ruamel.yaml import YAML

from tests.schemas import check_against_schema
from tests.unit.cli.test_program import run
from tests.unit.settings.projects import a_project


def test_show_names_defaults_too(tmp_path: Path) -> None:
    a_project(tmp_path)
    lines = run("config", "show", cwd=tmp_path).stdout.splitlines()
    assert lines[0].split() == ["KEY", "VALUE"]
    assert ["state.max_age_days", "30"] in [line.split() for line in lines]


def test_show_origin_tells_which_layer_won(tmp_path: Path) -> None:
    a_project(tmp_path)
    done = run("config", "show", "--origin", cwd=tmp_path, BLISSFUL_RUNTIME="process")
    rows = {line.split()[0]: line.split()[1:] for line in done.stdout.splitlines()}
    assert rows["runtime"] == ["process", "BLISSFUL_RUNTIME"]
    assert rows["services.app.port"] == ["8080", "blissful-infra.yaml:7"]
    assert rows["state.max_size_mb"] == ["512", "default"]


@pytest.mark.parametrize("origin", [True, False])
def test_show_json_keeps_its_schema(tmp_path: Path, origin: bool) -> None:
    a_project(tmp_path)
    done = run("config", "show", "-o", "json", *(["--origin"] if origin else []), cwd=tmp_path)
    shown = json.loads(done.stdout)
    check_against_schema("config-show.v1", shown)
    assert ("origins" in shown) is origin


def test_what_show_prints_is_a_valid_configuration(tmp_path: Path) -> None:
    a_project(tmp_path)
    shown = YAML(typ="safe").load(run("config", "show", "-o", "yaml", cwd=tmp_path).stdout)
    other = tmp_path / "other"
    other.mkdir()
    (other / "blissful-infra.yaml").write_text(json.dumps(shown["config"]))
    assert run("config", "validate", cwd=other).returncode == 0


def test_validate_accepts_and_refuses(tmp_path: Path) -> None:
    good = a_project(tmp_path)
    assert run("config", "validate", str(good), cwd=tmp_path).returncode == 0
    bad = a_project(tmp_path, ("port: 8080", "prot: 8080"))
    done = run("config", "validate", str(bad), "-o", "json", cwd=Path("/"))
    assert done.returncode == 3
    found = json.loads(done.stdout)
    check_against_schema("config-validate.v1", found)
    assert found["valid"] is False
    assert {problem["key"] for problem in found["problems"]} == {"services.app.port", "services.app.prot"}


def test_the_schema_is_printed_for_editors(tmp_path: Path) -> None:
    schema = json.loads(run("config", "schema", cwd=tmp_path).stdout)
    Draft7Validator.check_schema(schema)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts_know_both_names(tmp_path: Path, shell: str) -> None:
    script = run("completion", shell, cwd=tmp_path).stdout
    assert "_BLISSFUL_INFRA_COMPLETE" in script
    assert "_BLISSFUL_COMPLETE" in script


def test_bash_completes_commands_and_options(tmp_path: Path) -> None:
    def completed(words: str, index: int) -> list[str]:
        environ = os.environ | {
            "_BLISSFUL_INFRA_COMPLETE": "bash_complete",
            "COMP_WORDS": words,
            "COMP_CWORD": str(index),
        }
        program = Path(sys.executable).parent / "blissful-infra"
        done = subprocess.run([program], env=environ, capture_output=True, text=True, check=True, cwd=tmp_path)
        return [line.partition(",")[2] for line in done.stdout.splitlines()]

    assert completed("blissful-infra st", 1) == ["status"]
    assert completed("blissful-infra config ", 2) == ["schema", "show", "validate"]
    assert "--origin" in completed("blissful-infra config show --o", 3)
