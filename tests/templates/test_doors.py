"""One template, three doors: `create`, Copier at the root, Copier in the template's own folder. One tree comes out."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from blissful_infra import cli
from tests.templates.rendering import ROOT, TEMPLATES, copied, every_choice, name_of, snapshot, tree


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    with pytest.MonkeyPatch.context() as patch:
        for who in ("AUTHOR", "COMMITTER"):
            patch.setenv(f"GIT_{who}_NAME", "Test")
            patch.setenv(f"GIT_{who}_EMAIL", "test@example.invalid")
        return snapshot(tmp_path_factory.mktemp("repository"))


@pytest.mark.parametrize(("template", "choice"), every_choice(), ids=name_of)
def test_every_door_makes_the_same_tree(
    tmp_path: Path, repository: Path, template: str, choice: Mapping[str, Any]
) -> None:
    answers = {"project_name": "my-service", **choice}
    root = tree(copied(repository, tmp_path / "root", {"template": template, **answers}))
    folder = tree(copied(repository / "copier-templates" / template, tmp_path / "folder", answers))
    assert sorted(folder) == sorted(root)
    assert [path for path in root if folder[path] != root[path]] == []

    flags = ["--kafka" if choice["kafka"] else "--no-kafka", "--redis" if choice["redis"] else "--no-redis"]
    create = ["create", "my-service", "--template", template, "--database", choice["database"], *flags]
    assert cli.run([*create, "--no-input", "--no-git", "--directory", str(tmp_path)]) == 0
    created = tree(tmp_path / "my-service")
    assert sorted(created) == sorted(root)
    assert [path for path in root if created[path] != root[path]] == []


@pytest.mark.parametrize("template", TEMPLATES)
def test_defaults_are_the_same_through_every_door(tmp_path: Path, repository: Path, template: str) -> None:
    root = tree(copied(repository, tmp_path / "root", {"template": template, "project_name": "new"}))
    folder = tree(copied(repository / "copier-templates" / template, tmp_path / "folder", {"project_name": "new"}))
    assert cli.run(["create", "new", "--template", template, "--defaults", "--no-git", "-C", str(tmp_path)]) == 0
    assert root == folder == tree(tmp_path / "new")


@pytest.mark.parametrize("template", TEMPLATES)
def test_awkward_answers_come_out_the_same(tmp_path: Path, repository: Path, template: str) -> None:
    name = "a" * 39 + "9"
    extra = {"java_package": "org.example.a_b.c9"} if template == "spring-boot" else {}
    root = tree(copied(repository, tmp_path / "root", {"template": template, "project_name": name, **extra}))
    data = [word for key, value in extra.items() for word in ("-d", f"{key}={value}")]
    assert cli.run(["create", name, "--template", template, *data, "--no-input", "--no-git", "-C", str(tmp_path)]) == 0
    assert tree(tmp_path / name) == root


def test_the_root_door_remembers_tag_and_template(tmp_path: Path, repository: Path) -> None:
    made = copied(repository, tmp_path / "root", {"template": "fastapi", "project_name": "my-service"})
    answers = yaml.safe_load((made / ".copier-answers.yml").read_text())
    assert answers == {
        "_commit": "v0.1.0",
        "_src_path": str(repository),
        "database": "postgres",
        "kafka": True,
        "project_name": "my-service",
        "redis": False,
        "template": "fastapi",
    }


@pytest.mark.parametrize("file", [ROOT / "copier.yml", *ROOT.glob("copier-templates/*/copier.yml")], ids=str)
def test_no_template_needs_to_be_trusted(file: Path) -> None:
    for unsafe in ("_tasks", "_migrations", "_jinja_extensions"):
        assert unsafe not in file.read_text()


def test_each_question_is_asked_by_every_template_that_has_it() -> None:
    guards: dict[str, dict[str, str]] = {}
    for template in TEMPLATES:
        for document in yaml.safe_load_all((ROOT / "copier-templates" / template / "questions.yml").read_text()):
            for question, spec in document.items():
                if spec["when"]:
                    guards.setdefault(question, {})[template] = spec["when"]
    for question, found in guards.items():
        assert set(found.values()) == {"{{ template in " + repr(list(found)) + " }}"}, question
