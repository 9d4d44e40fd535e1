"""The prompts of `create`, on a real terminal."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pexpect
import pytest
import yaml

DOWN, ENTER = "\x1b[B", "\r"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
def terminals(folder: Path) -> Iterator[list["pexpect.spawn[str]"]]:
    started: list[pexpect.spawn[str]] = []
    yield started
    for each in started:
        each.close(force=True)


def create(
    terminals: list["pexpect.spawn[str]"], folder: Path, *arguments: str, columns: int = 120
) -> "pexpect.spawn[str]":
    program = Path(sys.executable).parent / "blissful-infra"
    child = pexpect.spawn(
        str(program),
        ["create", *arguments, "--no-git"],
        cwd=str(folder),
        timeout=60,
        encoding="utf-8",
        dimensions=(40, columns),
    )
    terminals.append(child)
    return child


def finish(child: "pexpect.spawn[str]") -> int:
    child.expect(pexpect.EOF)
    child.close()
    return int(child.exitstatus if child.exitstatus is not None else -1)


def answers(folder: Path, name: str = "my-service") -> dict[str, object]:
    found = yaml.safe_load((folder / name / ".copier-answers.yml").read_text())
    return {key: value for key, value in found.items() if not key.startswith("_")}


def test_it_asks_for_name_template_and_database(terminals: list["pexpect.spawn[str]"], folder: Path) -> None:
    child = create(terminals, folder)
    child.expect("Project name:")
    child.send("my-service" + ENTER)
    child.expect("Template:")
    child.expect("FastAPI")
    child.send(DOWN + ENTER)
    child.expect("Database:")
    child.expect("None")
    child.send(DOWN + ENTER)
    child.expect("Made my-service")
    assert finish(child) == 0
    assert answers(folder) == {
        "template": "fastapi", "project_name": "my-service", "database": "none", "kafka": True, "redis": False,
    }  # fmt: skip


def test_what_is_given_is_not_asked(terminals: list["pexpect.spawn[str]"], folder: Path) -> None:
    child = create(terminals, folder, "my-service", "--template", "fastapi")
    assert child.expect(["Database:", "Template:", "Project name:"]) == 0
    child.send(ENTER)
    assert finish(child) == 0
    assert answers(folder)["database"] == "postgres"


def test_defaults_asks_for_the_name_alone(terminals: list["pexpect.spawn[str]"], folder: Path) -> None:
    child = create(terminals, folder, "--defaults")
    child.expect("Project name:")
    child.send("my-service" + ENTER)
    assert child.expect(["Made my-service", "Template:", "Database:"]) == 0
    assert finish(child) == 0


def test_more_asks_for_the_rest_with_its_defaults(terminals: list["pexpect.spawn[str]"], folder: Path) -> None:
    child = create(terminals, folder, "my-service", "--template", "spring-boot", "--postgres", "--more")
    child.expect("Kafka, for events")
    child.send("n")
    child.expect("Redis, for caching")
    child.send("y")
    child.expect("Java package")
    child.expect("com.example.myservice")
    child.send(ENTER)
    child.expect("Made my-service")
    assert finish(child) == 0
    assert answers(folder) == {
        "template": "spring-boot", "project_name": "my-service", "database": "postgres", "kafka": False, "redis": True,
        "java_package": "com.example.myservice",
    }  # fmt: skip


def test_a_bad_name_is_asked_again(terminals: list["pexpect.spawn[str]"], folder: Path) -> None:
    (folder / "taken").mkdir()
    (folder / "taken" / "file").touch()
    child = create(terminals, folder, "--template", "fastapi", "--postgres", columns=80)
    child.expect("Project name:")
    child.send("My Service" + ENTER)
    child.expect("3 to 40 lower-case letters, digits and dashes, a letter first and no dash last")
    child.send("\x15taken" + ENTER)
    child.expect("taken is not empty")
    child.send("\x15my-service" + ENTER)
    child.expect("Made my-service")
    assert finish(child) == 0


@pytest.mark.parametrize("at", ["Project name:", "Template:", "Kafka, for events"])
def test_control_c_at_a_prompt_makes_nothing(terminals: list["pexpect.spawn[str]"], folder: Path, at: str) -> None:
    given = {"Project name:": [], "Template:": ["my-service"]}
    child = create(terminals, folder, *given.get(at, ["my-service", "--template", "fastapi", "--postgres", "--more"]))
    child.expect(at)
    child.sendintr()
    child.expect("Interrupted")
    assert finish(child) == 130
    assert list(folder.iterdir()) == []
