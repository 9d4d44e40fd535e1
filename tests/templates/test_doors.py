"""One template, three doors: `create`, Copier at the root, Copier in the template's own folder. One tree comes out."""

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from blissful_infra.scaffold.source import PUBLIC_URL
from tests.templates.rendering import ROOT, TEMPLATES, copied, every_choice, name_of, snapshot, tree

pytestmark = pytest.mark.timeout(600)  # the first test makes every project


@dataclass(frozen=True)
class Case:
    id: str
    template: str
    name: str = "my-service"
    answers: Mapping[str, Any] = field(default_factory=dict)

    @property
    def create(self) -> str:
        data = [f"--data={key}={value}" for key, value in self.answers.items()]
        where = ["--directory", self.id, "--no-git", "--no-input"]
        return shlex.join(["create", self.name, "--template", self.template, *data, *where])


AWKWARD = {"spring-boot": {"java_package": "org.example.a_b.c9"}}
CASES = (
    *(Case(f"{template}-{name_of(choice)}", template, answers=choice) for template, choice in every_choice()),
    *(Case(f"{template}-defaults", template, "new") for template in TEMPLATES),
    *(Case(f"{template}-awkward", template, "a" * 39 + "9", AWKWARD.get(template, {})) for template in TEMPLATES),
)
CREATE_ALL = """
import shlex, sys
from blissful_infra.cli import run
sys.exit(max(run(shlex.split(line)) for line in sys.stdin))
"""


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return snapshot(tmp_path_factory.mktemp("repository"))


@pytest.fixture(scope="module")
def folder(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same templates without git."""
    place = tmp_path_factory.mktemp("folder")
    shutil.copy(repository / "copier.yml", place)
    shutil.copytree(repository / "copier-templates", place / "copier-templates")
    return place


@pytest.fixture(scope="module")
def created(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every case, made by the `create` of the checkout at `repository`."""
    place = tmp_path_factory.mktemp("created")
    for case in CASES:
        (place / case.id).mkdir()
    done = subprocess.run(
        [sys.executable, "-c", CREATE_ALL], input="\n".join(case.create for case in CASES), text=True, check=False,
        cwd=place, env={**os.environ, "PYTHONPATH": str(repository)}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    return place


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_every_door_makes_the_same_tree(tmp_path: Path, folder: Path, created: Path, case: Case) -> None:
    answers = {"project_name": case.name, **case.answers}
    by_create = tree(created / case.id / case.name)
    at_the_root = tree(copied(folder, tmp_path / "root", {"template": case.template, **answers}))
    alone = tree(copied(folder / "copier-templates" / case.template, tmp_path / "alone", answers))
    assert sorted(by_create) == sorted(at_the_root) == sorted(alone)
    assert [path for path, found in by_create.items() if not found == at_the_root[path] == alone[path]] == []


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_git_repository_gives_the_same_tree(tmp_path: Path, repository: Path, created: Path, template: str) -> None:
    made = copied(repository, tmp_path / "made", {"template": template, "project_name": "new"})
    assert tree(made) == tree(created / f"{template}-defaults" / "new")


def test_the_answers_name_the_public_repository_and_the_release(created: Path) -> None:
    answers = yaml.safe_load((created / "fastapi-defaults" / "new" / ".copier-answers.yml").read_text())
    assert answers == {
        "_commit": "v0.1.0",
        "_src_path": PUBLIC_URL,
        "database": "postgres",
        "kafka": True,
        "project_name": "new",
        "redis": False,
        "template": "fastapi",
    }


def test_a_name_that_is_a_word_of_java_still_makes_a_package(created: Path) -> None:
    answers = yaml.safe_load((created / "spring-boot-defaults" / "new" / ".copier-answers.yml").read_text())
    assert answers["java_package"] == "com.example.newapp"


@pytest.mark.parametrize("file", ["copier.yml", *(f"copier-templates/{name}/copier.yml" for name in TEMPLATES)])
def test_no_template_needs_to_be_trusted(file: str) -> None:
    text = (ROOT / file).read_text()
    assert [unsafe for unsafe in ("_tasks", "_migrations", "_jinja_extensions") if unsafe in text] == []


def test_each_question_is_guarded_by_the_templates_that_ask_it() -> None:
    guards: dict[str, dict[str, str]] = {}
    for template in TEMPLATES:
        for document in yaml.safe_load_all((ROOT / "copier-templates" / template / "questions.yml").read_text()):
            for question, spec in document.items():
                if spec["when"]:
                    guards.setdefault(question, {})[template] = spec["when"]
    assert {name: set(found.values()) for name, found in guards.items()} == {
        name: {f"{{{{ template in {list(found)!r} }}}}"} for name, found in guards.items()
    }
