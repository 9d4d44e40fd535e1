"""The spring-boot template: what each choice renders, and that what it renders builds and passes its own tests."""

import os
import re
import shutil
import subprocess
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml

from tests.templates.rendering import BARE, FULL, PAIRS, ROOT, copied, every_choice, name_of

CHOICES = [choice for template, choice in every_choice() if template == "spring-boot"]

OWNED = {
    "postgres": ("postgres", "flyway", "jdbc", "greetingcounter"),
    "kafka": ("kafka", "echopublisher", "bootstrap_servers"),
    "redis": ("redis", "jedis", "greetingcache"),
}
"""Words that a project has with a dependency only."""
SHARED_PARTS = ("blissful/", "blissful-infra.yaml", "compose.yaml", "deploy/", ".copier-answers.yml")
MAVEN = "{http://maven.apache.org/POM/4.0.0}"


def rendered(choice: Mapping[str, Any], into: Path, **answers: str) -> Path:
    return copied(ROOT / "copier-templates/spring-boot", into, {"project_name": "my-service", **choice, **answers})


@pytest.fixture(scope="module", params=CHOICES, ids=name_of)
def choice(request: pytest.FixtureRequest) -> Mapping[str, Any]:
    chosen: Mapping[str, Any] = request.param
    return chosen


@pytest.fixture(scope="module")
def project(choice: Mapping[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    return rendered(choice, tmp_path_factory.mktemp(name_of(choice)))


def texts(project: Path) -> dict[str, str]:
    """Every file that this template alone writes."""
    files = {str(path.relative_to(project)): path for path in project.rglob("*") if path.is_file()}
    return {name: path.read_text() for name, path in files.items() if not name.startswith(SHARED_PARTS)}


def test_nothing_of_the_template_language_is_left(project: Path) -> None:
    for name, text in texts(project).items():
        assert not re.search(r"\{\{|\{%|\{#", name + text), name
        assert text.endswith("\n"), name
        assert "\n\n\n" not in text, name
        assert not re.search(r"[ \t]$", text, re.MULTILINE), name
        assert max(map(len, text.splitlines())) <= 120 or name == "README.md" or name == "Dockerfile", name


def test_a_project_knows_only_the_dependencies_it_has(project: Path, choice: Mapping[str, Any]) -> None:
    everything = "\n".join([*texts(project), *texts(project).values()]).lower()
    has = {"postgres": choice["database"] == "postgres", "kafka": choice["kafka"], "redis": choice["redis"]}
    for dependency, words in OWNED.items():
        for word in words:
            assert (word in everything) is has[dependency], word
    assert ("resilience4j" in everything) is any(has.values())
    assert ("migrate" in everything) is True, "the argument is understood even where there is nothing to migrate"


def test_every_import_is_used(project: Path) -> None:
    for name, text in texts(project).items():
        if name.endswith(".kt"):
            body = re.sub(r"^import .*$", "", text, flags=re.MULTILINE)
            for imported in re.findall(r"^import [\w.]*\.(\w+)$", text, re.MULTILINE):
                assert re.search(rf"\b{imported}\b", body), f"{imported} in {name}"


def test_configuration_and_pom_are_well_formed(project: Path) -> None:
    settings = yaml.safe_load((project / "src/main/resources/application.yaml").read_text())
    assert settings["spring"]["application"]["name"] == "${SERVICE_NAME:my-service}"
    assert settings["server"]["address"] == "${HOST:127.0.0.1}"
    pom = ElementTree.parse(project / "pom.xml").getroot()
    versions = [version.text for version in pom.iter(f"{MAVEN}version") if version.text]
    assert [each for each in versions if not each.startswith("${")] == [
        pom.findtext(f"{MAVEN}parent/{MAVEN}version"), pom.findtext(f"{MAVEN}version"),
    ], "versions of libraries stand in the properties"  # fmt: skip


def test_every_migration_says_whether_it_can_be_undone(tmp_path: Path) -> None:
    migrations = [*(rendered(FULL, tmp_path) / "src/main/resources/db/migration").iterdir()]
    assert migrations
    for migration in migrations:
        assert re.match(r"-- blissful: (ir)?reversible\b", migration.read_text())


def test_the_package_is_the_folder(tmp_path: Path) -> None:
    project = rendered(BARE, tmp_path, java_package="org.example.a_b.c9")
    sources = [*(project / "src").rglob("*.kt")]
    assert sources
    for source in sources:
        package = re.match(r"package ([\w.]+)\n", source.read_text())
        assert package is not None
        assert source.parent.as_posix().endswith("/kotlin/" + package[1].replace(".", "/"))
        assert package[1].startswith("org.example.a_b.c9")


def test_the_dockerfile_is_clean(tmp_path: Path) -> None:
    dockerfile = rendered(FULL, tmp_path) / "Dockerfile"
    done = subprocess.run(["hadolint", dockerfile], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def maven(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    offline = ["-o"] if os.environ.get("BLISSFUL_OFFLINE") == "1" else []
    done = subprocess.run(
        ["mvn", "-B", "-ntp", *offline, *arguments], cwd=project, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-8000:] + done.stderr
    return done


@pytest.mark.needs_java
@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("choice", [FULL, BARE, *PAIRS], ids=name_of)
def test_a_project_builds_and_passes_its_own_tests(tmp_path: Path, choice: Mapping[str, Any]) -> None:
    said = maven(rendered(choice, tmp_path), "verify").stdout
    assert not re.search(r"^\[WARNING\] file:", said, re.MULTILINE), "the compiler warns of nothing"
    totals = re.findall(r"^\[INFO\] Tests run: (\d+), Failures: 0, Errors: 0, Skipped: 0$", said, re.MULTILINE)
    assert len(totals) == 2, "unit tests, and integration tests"
    assert min(map(int, totals)) >= 5


@pytest.mark.needs_java
@pytest.mark.slow
@pytest.mark.timeout(600)
def test_the_jar_knows_its_commit_and_leaves_the_tests_out(tmp_path: Path) -> None:
    project = rendered(BARE, tmp_path)
    for command in ("init --quiet", "add --all", "commit --quiet --message first"):
        subprocess.run(["git", *command.split()], cwd=project, check=True)
    head = subprocess.run(["git", "rev-parse", "HEAD"], cwd=project, check=True, capture_output=True, text=True)
    maven(project, "-q", "-DskipTests", "package")
    with zipfile.ZipFile(project / "target/app.jar") as jar:
        settings = yaml.safe_load(jar.read("BOOT-INF/classes/application.yaml"))
    assert settings["identity"]["revision"] == head.stdout.strip()
    assert settings["identity"]["version"] == "0.1.0"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", settings["identity"]["time"])
    assert not [*(project / "target/test-classes").rglob("*.class")]

    shutil.rmtree(project / ".git")
    maven(project, "-q", "-DskipTests", "package")
    with zipfile.ZipFile(project / "target/app.jar") as jar:
        assert yaml.safe_load(jar.read("BOOT-INF/classes/application.yaml"))["identity"]["revision"] == "unknown"
