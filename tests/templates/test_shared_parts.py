"""What the templates share: equal everywhere, and right for every choice."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from blissful_infra.settings.reading import load_project
from blissful_infra.settings.schema import project_schema
from tests.templates.rendering import ROOT, TEMPLATES, every_choice, name_of

VARIABLES = {"APP_PORT": "18080", "POSTGRES_PORT": "15432", "KAFKA_PORT": "19192", "REDIS_PORT": "16379"}


def compose(project: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).parent / "docker-compose"
    environment = {"PATH": os.environ["PATH"], **variables}
    command: list[str | Path] = [program, *arguments]
    return subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, check=False)


def with_secrets(project: Path) -> Path:
    (project / ".blissful").mkdir(exist_ok=True)
    (project / ".blissful" / "secrets.env").write_text("POSTGRES_PASSWORD=not-a-secret\n")
    return project


def test_copies_are_equal() -> None:
    done = subprocess.run(
        [sys.executable, "scripts/share_template_parts.py", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, ""), "run scripts/share_template_parts.py"


@pytest.mark.parametrize("template", TEMPLATES)
def test_the_shipped_schema_is_the_settings_own(template: str) -> None:
    shipped = ROOT / "copier-templates" / template / "template" / "blissful" / "schema.json"
    assert json.loads(shipped.read_text()) == project_schema()


@pytest.mark.parametrize(("template", "choice"), every_choice(), ids=name_of)
def test_the_configuration_is_valid_and_says_what_was_chosen(
    projects: Any, template: str, choice: Mapping[str, Any]
) -> None:
    config = load_project(projects(template, choice) / "blissful-infra.yaml")
    wanted = {"postgres"} if choice["database"] == "postgres" else set()
    wanted |= {name for name in ("kafka", "redis") if choice[name]}
    assert (config.name, config.template) == ("my-service", template)
    assert set(config.backing.enabled()) == wanted
    assert set(config.services["app"].needs) == wanted


@pytest.mark.parametrize(("template", "choice"), every_choice(), ids=name_of)
def test_compose_accepts_the_file(projects: Any, template: str, choice: Mapping[str, Any]) -> None:
    done = compose(with_secrets(projects(template, choice)), "config", "--format", "json", **VARIABLES)
    assert (done.returncode, done.stderr) == (0, "")
    found = json.loads(done.stdout)
    services = found["services"]
    assert found["name"] == "my-service"
    assert set(services) == {"app", *load_project(projects(template, choice) / "blissful-infra.yaml").backing.enabled()}
    for name, service in services.items():
        assert [(port["host_ip"], port["published"]) for port in service["ports"]] == [
            ("127.0.0.1", VARIABLES[f"{name.upper()}_PORT"])
        ]
        assert service["init"] is True
        assert "no-new-privileges:true" in service["security_opt"]
    app = services["app"]
    assert (app["read_only"], app["tmpfs"], app["cap_drop"]) == (True, ["/tmp"], ["ALL"])
    assert {name: each["condition"] for name, each in app.get("depends_on", {}).items()} == {
        name: "service_healthy" for name in services if name != "app"
    }


@pytest.mark.parametrize("template", TEMPLATES)
def test_every_image_and_build_argument_can_be_replaced(projects: Any, template: str) -> None:
    names = ("POSTGRES_IMAGE", "KAFKA_IMAGE", "REDIS_IMAGE", "BUILD_IMAGE", "RUNTIME_IMAGE", "GIT_REVISION")
    variables = {name: f"mirror.example/{name.lower()}:1" for name in (*names, "SERVICE_VERSION", "BUILD_TIME")}
    project = with_secrets(projects(template, {"database": "postgres", "kafka": True, "redis": True}))
    services = json.loads(compose(project, "config", "--format", "json", **variables).stdout)["services"]
    assert {services[name]["image"] for name in ("postgres", "kafka", "redis")} == {
        variables[name] for name in ("POSTGRES_IMAGE", "KAFKA_IMAGE", "REDIS_IMAGE")
    }
    arguments = services["app"]["build"]["args"]
    assert arguments == {name: value for name, value in variables.items() if name in arguments}
    assert len(arguments) == 5


@pytest.mark.parametrize("template", TEMPLATES)
def test_base_images_are_the_dockerfiles_own(projects: Any, template: str) -> None:
    project = with_secrets(projects(template, {"database": "postgres", "kafka": True, "redis": True}))
    arguments = json.loads(compose(project, "config", "--format", "json").stdout)["services"]["app"]["build"]["args"]
    declared = dict(re.findall(r"^ARG (\w+_IMAGE)=(\S+)$", (project / "Dockerfile").read_text(), re.MULTILINE))
    assert set(declared) == {"BUILD_IMAGE", "RUNTIME_IMAGE"}
    assert declared == {name: arguments[name] for name in declared}


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_missing_password_file_is_named(tmp_path: Path, projects: Any, template: str) -> None:
    choice = {"database": "postgres", "kafka": False, "redis": False}
    project = shutil.copytree(
        projects(template, choice), tmp_path / "project", ignore=shutil.ignore_patterns(".blissful")
    )
    done = compose(project, "config")
    assert done.returncode != 0
    assert ".blissful/secrets.env" in done.stderr


@pytest.mark.parametrize("template", TEMPLATES)
def test_the_readme_has_the_line_that_writes_the_password(tmp_path: Path, projects: Any, template: str) -> None:
    choice = {"database": "postgres", "kafka": False, "redis": False}
    project = shutil.copytree(
        projects(template, choice), tmp_path / "project", ignore=shutil.ignore_patterns(".blissful")
    )
    line = next(line for line in (project / "README.md").read_text().splitlines() if "> .blissful/secrets.env" in line)
    subprocess.run(["sh", "-c", line.strip().removeprefix("$ ")], cwd=project, check=True)
    secrets = project / ".blissful" / "secrets.env"
    assert secrets.stat().st_mode & 0o777 == 0o600
    assert re.fullmatch(r"POSTGRES_PASSWORD=\w{16,}\n", secrets.read_text())
    assert compose(project, "config", "--quiet").returncode == 0


@pytest.mark.parametrize(("template", "choice"), every_choice(), ids=name_of)
def test_no_password_and_no_leftover_syntax_is_in_any_file(
    projects: Any, template: str, choice: Mapping[str, Any]
) -> None:
    project = projects(template, choice)
    assert not re.search(r"PASSWORD\W*[:=]\s*[\w\"']", (project / "compose.yaml").read_text())
    for file in ("compose.yaml", "blissful-infra.yaml", ".gitignore", ".editorconfig"):
        text = (project / file).read_text()
        assert not re.search(r"\{%|\{\{|%\}| +$|\n\n\n|\n\n\Z", text, re.MULTILINE), file
    assert yaml.safe_load((project / ".copier-answers.yml").read_text())["project_name"] == "my-service"
