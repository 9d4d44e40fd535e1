"""The fastapi template: what each choice renders, and that what it renders builds and passes its own checks."""

import ast
import json
import os
import re
import subprocess
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.templates.rendering import BARE, FULL, PAIRS, ROOT, copied, every_choice, git, name_of

CHOICES = [choice for template, choice in every_choice() if template == "fastapi"]

OWNED = {
    "postgres": ("postgres", "sqlalchemy", "alembic", "asyncpg", "migrat"),
    "kafka": ("kafka", "events", "consumer"),
    "redis": ("redis", "valkey"),
}
"""Words that a project has with a dependency only."""
GUARDED = ("app/backing.py", "app/resilience.py", "tests/fakes.py", "tests/unit/test_resilience.py")
SHARED_PARTS = (
    "blissful/",
    "blissful-infra.yaml",
    "compose.yaml",
    "deploy/",
    ".copier-answers.yml",
    ".gitignore",
    ".editorconfig",
)
MODULES = {
    "opentelemetry-api": "opentelemetry",
    "opentelemetry-exporter-otlp-proto-http": "opentelemetry.exporter.otlp.proto.http.trace_exporter",
    "opentelemetry-sdk": "opentelemetry.sdk.trace",
}
"""Where a package's module is not called as the package is."""
LOADED_BY_NAME = {"httptools", "uvloop", "asyncpg"}
"""By uvicorn where they are installed, and by SQLAlchemy from the URL."""


def rendered(choice: Mapping[str, Any], into: Path) -> Path:
    return copied(ROOT / "copier-templates/fastapi", into, {"project_name": "my-service", **choice})


def chosen(choice: Mapping[str, Any]) -> set[str]:
    options = {"postgres": choice["database"] == "postgres", "kafka": choice["kafka"], "redis": choice["redis"]}
    return {name for name, wanted in options.items() if wanted}


@pytest.fixture(scope="module", params=CHOICES, ids=name_of)
def choice(request: pytest.FixtureRequest) -> Mapping[str, Any]:
    chosen: Mapping[str, Any] = request.param
    return chosen


@pytest.fixture(scope="module")
def project(choice: Mapping[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    return rendered(choice, tmp_path_factory.mktemp(name_of(choice)))


def named(requirement: str) -> str:
    """The name of a package, without extras and versions."""
    return re.split(r"[^a-z0-9-]", requirement, maxsplit=1)[0]


def texts(project: Path) -> dict[str, str]:
    """Every file that this template alone writes."""
    files = {path.relative_to(project).as_posix(): path for path in project.rglob("*") if path.is_file()}
    return {name: path.read_text() for name, path in files.items() if not name.startswith(SHARED_PARTS)}


def test_nothing_of_the_template_language_is_left(project: Path) -> None:
    for name, text in texts(project).items():
        assert not re.search(r"\{%|%\}|\{#|\.jinja", name + text), name


def test_a_project_knows_only_the_dependencies_it_has(project: Path, choice: Mapping[str, Any]) -> None:
    everything = {name: (name + "\n" + text).lower() for name, text in texts(project).items()}
    for dependency, words in OWNED.items():
        for word in words:
            found = {name for name, text in everything.items() if word in text}
            assert bool(found) == (dependency in chosen(choice)), (word, found)


def test_nothing_is_guarded_where_nothing_can_fail(project: Path, choice: Mapping[str, Any]) -> None:
    for name in GUARDED:
        assert (project / name).exists() == bool(chosen(choice)), name


def test_files_end_in_one_line_break_and_carry_no_trailing_space(project: Path) -> None:
    for name, text in texts(project).items():
        assert text == "" or text.endswith("\n"), name
        assert not text.endswith("\n\n"), name
        assert not re.search(r"[ \t]$", text, re.MULTILINE), name


def test_every_module_parses_and_says_what_it_is_for(project: Path) -> None:
    trees = {path.relative_to(project): ast.parse(path.read_text(), str(path)) for path in project.rglob("*.py")}
    own = {path: tree for path, tree in trees.items() if path.parts[0] == "app"}
    assert len(own) > 5
    assert [str(path) for path, tree in own.items() if tree.body and not ast.get_docstring(tree)] == []


def packages(lock: Path) -> dict[str, int]:
    """Each package of a lock, with how many hashes pin it."""
    entries = re.split(r"^(?=[a-z0-9])", lock.read_text(), flags=re.MULTILINE)[1:]
    return {entry.partition("==")[0]: entry.count("--hash=sha256:") for entry in entries}


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_locks_pin_what_the_project_declares(project: Path, name: str) -> None:
    locked = packages(project / name)
    assert all(count >= 1 for count in locked.values())
    declared = tomllib.loads((project / "pyproject.toml").read_text())
    wanted = list(declared["project"]["dependencies"])
    if "dev" in name:
        wanted += declared["dependency-groups"]["dev"]
    assert {named(each) for each in wanted} <= set(locked)
    assert not re.search(r"https?://|index-url", (project / name).read_text())


def test_tests_run_with_the_versions_that_the_service_runs_with(project: Path) -> None:
    def pins(name: str) -> set[str]:
        return set(re.findall(r"^\S+==\S+", (project / name).read_text(), re.MULTILINE))

    assert pins("requirements.lock") <= pins("requirements-dev.lock")


def test_each_dependency_is_used(project: Path) -> None:
    source = "\n".join(path.read_text() for path in (project / "app").rglob("*.py"))
    declared = tomllib.loads((project / "pyproject.toml").read_text())["project"]["dependencies"]
    for name in {named(each) for each in declared} - LOADED_BY_NAME:
        module = MODULES.get(name, name.replace("-", "_"))
        assert re.search(rf"^\s*(import|from) {re.escape(module)}\b", source, re.MULTILINE), name


def test_every_migration_says_whether_it_can_be_undone(project: Path, choice: Mapping[str, Any]) -> None:
    migrations = sorted(project.glob("app/migrations/versions/*.py"))
    assert bool(migrations) == (choice["database"] == "postgres")
    for migration in migrations:
        assert migration.read_text().startswith("# blissful: reversible\n")


def test_the_image_takes_the_bases_that_compose_names(project: Path) -> None:
    dockerfile = (project / "Dockerfile").read_text()
    compose = (project / "compose.yaml").read_text()
    for argument in ("BUILD_IMAGE", "RUNTIME_IMAGE"):
        (default,) = re.findall(rf"^ARG {argument}=(\S+)$", dockerfile, re.MULTILINE)
        assert f"{argument}: ${{{argument}:-{default}}}" in compose


def test_dockerfile_has_no_lint(tmp_path: Path) -> None:
    done = subprocess.run(["hadolint", rendered(FULL, tmp_path) / "Dockerfile"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def environment() -> dict[str, str]:
    """What a build runs with; offline where the wheels were fetched before."""
    offline = {"UV_OFFLINE": "1"} if os.environ.get("BLISSFUL_OFFLINE") == "1" else {}
    return os.environ | offline


def make(project: Path, *targets: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["make", *targets], cwd=project, env=environment() | variables, capture_output=True, text=True, timeout=900
    )


@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("answers", [BARE, *PAIRS], ids=name_of)
def test_a_project_builds_and_passes_its_own_checks(answers: Mapping[str, Any], tmp_path: Path) -> None:
    project = rendered(answers, tmp_path / "my-service")
    for targets in (("build",), ("lint", "test")):
        done = make(project, *targets)
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
@pytest.mark.needs_java
@pytest.mark.timeout(1800)
def test_the_full_project_passes_its_own_checks_on_the_broker_that_up_starts(tmp_path: Path) -> None:
    project = rendered(FULL, tmp_path / "my-service")

    def cli(*arguments: str) -> str:
        done = subprocess.run(["blissful-infra", *arguments], cwd=project, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    try:
        cli("up", "--runtime", "process")
        services = json.loads(cli("status", "-o", "json"))["stacks"][0]["services"]
        (port,) = (service["port"] for service in services if service["name"] == "kafka")
        done = make(project, "lint", "test", KAFKA_BOOTSTRAP_SERVERS=f"127.0.0.1:{port}")
        assert done.returncode == 0, done.stdout + done.stderr
        assert "skipped" not in done.stdout
    finally:
        cli("down", "--volumes", "--yes")


@pytest.mark.slow
def test_a_second_build_changes_nothing_and_names_the_commit(tmp_path: Path) -> None:
    project = rendered(BARE, tmp_path / "my-service")
    git(project, "init", "--quiet")
    git(project, "add", "--all")
    git(project, "commit", "--quiet", "--message", "first")
    assert make(project, "build").returncode == 0
    installed = (project / ".venv/.installed").stat().st_mtime_ns
    assert make(project, "build").returncode == 0
    assert (project / ".venv/.installed").stat().st_mtime_ns == installed
    info = json.loads((project / ".venv/build-info.json").read_text())
    assert info["revision"] == git(project, "rev-parse", "HEAD")
