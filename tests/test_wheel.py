"""The wheel: what is in it, and what it does in an empty environment, far from any checkout and from any network."""

import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from blissful_infra.scaffold.source import PUBLIC_URL
from tests.templates.rendering import ROOT, copied, snapshot, tree
from tests.templates.rendering import commit as commit_and_tag

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

CONTENT = "blissful_infra/_content/"
UV = Path(sys.executable).parent / "uv"
OFFLINE = ["--offline"] if os.environ.get("BLISSFUL_OFFLINE") == "1" else []
NEW_LINE = "\n# Known since the second release\n"


@dataclass(frozen=True)
class Environment:
    """An empty virtual environment that holds one wheel."""

    folder: Path

    def install(self, wheel: Path) -> None:
        pins = ["--constraint", str(ROOT / "constraints.txt")]
        ran([UV, "pip", "install", "--quiet", *OFFLINE, *pins, "--python", self.folder / "bin" / "python", wheel])

    def run(self, *arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
        return ran([self.folder / "bin" / arguments[0], *arguments[1:]], cwd=cwd, env=self.variables)

    @property
    def variables(self) -> dict[str, str]:
        """No checkout and no proxy in sight: what would reach for a network fails."""
        kept = {
            name: value for name, value in os.environ.items() if not re.match("(?i)python|(https?|all)_proxy", name)
        }
        return {**kept, "PATH": f"{self.folder / 'bin'}:{os.environ['PATH']}", "GIT_TERMINAL_PROMPT": "0"}

    def redirection(self) -> dict[str, str]:
        """What leads git to the wheel's bundle, as the installed package says it."""
        script = "import json, blissful_infra.scaffold.source as s; print(json.dumps(s.find_source().environment))"
        found: dict[str, str] = json.loads(self.run("python", "-c", script, cwd=self.folder).stdout)
        return found


def ran(command: Sequence[str | Path], **options: object) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(command, capture_output=True, text=True, check=False, **options)  # type: ignore[call-overload]
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done  # type: ignore[no-any-return]


def built(source: Path, into: Path, *, kind: str = "--wheel") -> Path:
    ran([UV, "build", *OFFLINE, kind, "--out-dir", into, source])
    return next(file for file in into.iterdir() if file.name != ".gitignore")


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This checkout, released as v0.1.0."""
    return snapshot(tmp_path_factory.mktemp("repository"))


@pytest.fixture(scope="module")
def wheel(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(repository, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Environment:
    folder = tmp_path_factory.mktemp("environment") / "venv"
    ran([UV, "venv", "--quiet", *OFFLINE, "--python", sys.executable, folder])
    environment = Environment(folder)
    environment.install(wheel)
    return environment


@pytest.fixture(scope="module")
def project(installed: Environment, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("projects")
    installed.run("blissful-infra", "create", "my-service", "--template", "fastapi", "--no-input", cwd=folder)
    return folder / "my-service"


def test_everything_that_is_shipped_is_in_it(repository: Path, wheel: Path) -> None:
    shipped = ("copier.yml", "ansible.cfg", "copier-templates", "playbooks", "roles", "inventories")
    listed = ran(["git", "ls-files", "-z", *shipped], cwd=repository)
    wanted = {name for name in listed.stdout.rstrip("\0").split("\0") if "/molecule/" not in name}
    with zipfile.ZipFile(wheel) as packed:
        found = {name.removeprefix(CONTENT) for name in packed.namelist() if name.startswith(CONTENT)}
    assert found == {*wanted, "templates.bundle"}


def test_a_release_carries_the_templates_history_alone(tmp_path: Path, wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as packed:
        bundle = Path(packed.extract(f"{CONTENT}templates.bundle", tmp_path))
    ran(["git", "clone", "--quiet", bundle, tmp_path / "clone"])
    assert {file.name for file in (tmp_path / "clone").iterdir()} == {".git", "copier.yml", "copier-templates"}
    assert ran(["git", "tag"], cwd=tmp_path / "clone").stdout == "v0.1.0\n"
    assert bundle.stat().st_size < 1_000_000


def test_its_create_makes_the_tree_of_the_checkout(tmp_path: Path, repository: Path, project: Path) -> None:
    answers = {"template": "fastapi", "project_name": "my-service"}
    assert tree(copied(repository, tmp_path / "my-service", answers)) == tree(project)
    remembered = yaml.safe_load((project / ".copier-answers.yml").read_text())
    assert (remembered["_commit"], remembered["_src_path"]) == ("v0.1.0", PUBLIC_URL)


def test_a_project_follows_the_next_release_offline(
    tmp_path: Path, repository: Path, installed: Environment, project: Path
) -> None:
    later = tmp_path / "later"
    ran(["git", "clone", "--quiet", repository, later])
    for file in later.glob("copier-templates/*/template/.editorconfig"):
        file.write_text(file.read_text() + NEW_LINE)
    commit_and_tag(later, "v0.2.0")
    (project / "compose.yaml").write_text((project / "compose.yaml").read_text() + "# mine\n")
    ran(["git", "commit", "--quiet", "--all", "--message", "mine"], cwd=project)

    before = subprocess.run(
        ["copier", "check-update"], cwd=project, env={**installed.variables, **installed.redirection()}, check=False
    )
    assert before.returncode == 0, "the wheel of v0.1.0 knows of nothing newer"

    installed.install(built(later, tmp_path / "wheel"))
    environment = {**installed.variables, **installed.redirection()}
    checked = subprocess.run(["copier", "check-update", "--output-format", "json"], cwd=project, env=environment,
                             capture_output=True, text=True, check=False)  # fmt: skip
    assert json.loads(checked.stdout)["update_available"] is True, checked.stderr
    ran(["copier", "update", "--defaults", "--quiet"], cwd=project, env=environment)
    assert (project / ".editorconfig").read_text().endswith(NEW_LINE)
    assert (project / "compose.yaml").read_text().endswith("# mine\n")
    assert yaml.safe_load((project / ".copier-answers.yml").read_text())["_commit"] == "v0.2.0"


def test_a_wheel_from_an_sdist_carries_the_same_history(tmp_path: Path, repository: Path, wheel: Path) -> None:
    sdist = built(repository, tmp_path / "sdist", kind="--sdist")
    ran(["tar", "-xf", sdist, "-C", tmp_path])
    unpacked = tmp_path / sdist.name.removesuffix(".tar.gz")
    assert not (unpacked / ".git").exists()
    with zipfile.ZipFile(built(unpacked, tmp_path / "wheel")) as again, zipfile.ZipFile(wheel) as first:
        assert set(again.namelist()) == set(first.namelist())
        assert again.read(f"{CONTENT}templates.bundle")


def test_an_unreleased_build_carries_the_commit_that_is_public(tmp_path: Path, repository: Path) -> None:
    checkout = tmp_path / "checkout"
    ran(["git", "clone", "--quiet", repository, checkout])
    ran(["git", "tag", "--delete", "v0.1.0"], cwd=checkout)
    head = ran(["git", "rev-parse", "HEAD"], cwd=checkout).stdout.strip()
    with zipfile.ZipFile(built(checkout, tmp_path / "wheel")) as packed:
        bundle = packed.extract(f"{CONTENT}templates.bundle", tmp_path)
    assert f"{head} HEAD" in ran(["git", "bundle", "list-heads", bundle], cwd=tmp_path).stdout


def test_without_history_a_wheel_still_makes_projects(tmp_path: Path, repository: Path, installed: Environment) -> None:
    unversioned = tmp_path / "unversioned"
    ran(["git", "clone", "--quiet", "--branch", "v0.1.0", repository, unversioned])
    ran(["rm", "-rf", unversioned / ".git"])
    wheel = built(unversioned, tmp_path / "wheel")
    place = tmp_path / "environment"
    ran([UV, "pip", "install", "--quiet", *OFFLINE, "--no-deps", "--python", sys.executable, "--target", place, wheel])
    script = "from blissful_infra.cli import main; main()"
    create = ["create", "my-service", "--template", "fastapi", "--no-input"]
    done = ran(
        [installed.folder / "bin" / "python", "-c", script, *create],
        cwd=tmp_path, env={**installed.variables, "PYTHONPATH": str(place)},
    )  # fmt: skip
    assert "built without its history" in done.stderr
    assert (tmp_path / "my-service" / "compose.yaml").is_file()
