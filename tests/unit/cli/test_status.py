"""`status` of stacks that are down, were left behind, or never were."""

import json
from pathlib import Path

from blissful_infra.paths import machine_state_dir
from tests.schemas import check_against_schema
from tests.unit.cli.test_program import run
from tests.unit.settings.projects import a_project


def test_a_stack_that_is_down_is_shown_stopped(tmp_path: Path) -> None:
    a_project(tmp_path)
    done = run("status", "--local", cwd=tmp_path)
    assert done.returncode == 0
    lines = [line.split() for line in done.stdout.splitlines()]
    assert lines[0] == ["SERVICE", "HEALTH", "VERSION", "PORT", "UPTIME", "RESTARTS", "URL"]
    assert {line[0]: line[1] for line in lines[1:]} == dict.fromkeys(["Postgres", "Kafka", "Application"], "stopped")
    assert "blissful-infra up" in done.stderr


def test_the_environments_stand_below_the_services_and_local_leaves_them_out(tmp_path: Path) -> None:
    a_project(tmp_path)
    services, environments = run("status", cwd=tmp_path).stdout.split("\n\n")
    assert services.splitlines()[0].split()[0] == "SERVICE"
    lines = [line.split() for line in environments.splitlines()]
    assert [line[:2] for line in lines] == [
        ["ENVIRONMENT", "HEALTH"], ["staging", "unreachable"], ["production", "unreachable"],
    ]  # fmt: skip
    assert "ENVIRONMENT" not in run("status", "--local", cwd=tmp_path).stdout
    document = json.loads(run("status", "-o", "json", cwd=tmp_path).stdout)
    check_against_schema("status.v1", document)
    assert [each["health"] for each in document["environments"]] == ["unreachable"] * 2
    assert "environments" not in json.loads(run("status", "--local", "-o", "json", cwd=tmp_path).stdout)
    assert run("status", "--local", "--envs", cwd=tmp_path).returncode == 2


def test_json_keeps_its_schema(tmp_path: Path) -> None:
    a_project(tmp_path)
    document = json.loads(run("status", "-o", "json", cwd=tmp_path).stdout)
    check_against_schema("status.v1", document)
    assert document["stacks"][0]["health"] == "stopped"


def test_all_works_anywhere_and_finds_stacks_of_deleted_folders(tmp_path: Path) -> None:
    assert "No stack runs on this machine." in run("status", "--all", cwd=tmp_path).stderr
    folder = machine_state_dir() / "stacks"
    folder.mkdir(parents=True)
    entry = {
        "v": 1, "stack_id": "0a0a0a0a", "name": "gone", "project_dir": str(tmp_path / "gone"), "boot": "b",
        "state_dir": str(tmp_path / "gone" / ".blissful"), "runtime": "process", "since": 1.0, "ports": {"app": 8080},
    }  # fmt: skip
    (folder / "0a0a0a0a.json").write_text(json.dumps(entry))
    done = run("status", "--all", cwd=tmp_path)
    assert done.stdout.splitlines()[1].split()[:2] == ["gone", "unknown"]
    assert "deleted" in done.stderr
    document = json.loads(run("status", "--all", "-o", "json", cwd=tmp_path).stdout)
    check_against_schema("status.v1", document)
