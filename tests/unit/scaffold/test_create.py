"""`create` as a person runs it: real processes, real Copier, real git."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.schemas import check_against_schema
from tests.unit.cli.test_program import run

FASTAPI = ("create", "my-service", "--template", "fastapi", "--no-input")


def git(folder: Path, *arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True, text=True).stdout.strip()


def answers_of(project: Path) -> str:
    return (project / ".copier-answers.yml").read_text()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """One project, made where git knows a person, in a folder that is there already and empty."""
    folder = tmp_path_factory.mktemp("made")
    (folder / "my-service").mkdir()
    who = {f"GIT_{part}_{what}": "person@example" for part in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    return folder / "my-service", run(*FASTAPI, "--no-kafka", "--redis", cwd=folder, **who)


def test_it_says_what_was_made_and_what_comes_next(made: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    project, done = made
    assert done.returncode == 0, done.stderr
    assert done.stderr.startswith("Making my-service from the template fastapi ...\n")
    commit = git(project, "rev-parse", "--short", "HEAD")
    files = len(git(project, "ls-files").splitlines())
    assert done.stdout == (
        f"Made my-service from fastapi, with Postgres, Redis: {files} files, committed as {commit}\n\n"
        "Next:\n  cd my-service\n  blissful-infra up\n"
    )


def test_the_project_is_a_clean_repository_with_one_commit(made: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    project, _ = made
    assert (
        git(project, "log", "--format=%an %s")
        == "person@example Make my-service from blissful-infra's template fastapi"
    )
    assert git(project, "status", "--porcelain") == ""
    assert list(project.parent.iterdir()) == [project]
    assert project.stat().st_mode & 0o777 == 0o777 & ~_umask()


def _umask() -> int:
    now = os.umask(0)
    os.umask(now)
    return now


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["create"], 2, "the project needs a name"),
        (["create", "My Service"], 3, "hint: blissful-infra create my-service"),
        (["create", "../escape"], 3, "error[invalid-answer]"),
        (["create", "my-service", "--template", "fast-api"], 3, "did you mean --template fastapi?"),
        (["create", "my-service", "-d", "kafak=no"], 3, "did you mean 'kafka'?"),
        (["create", "my-service", "-d", "kafka"], 2, "is not KEY=VALUE"),
        (["create", "my-service", "--database", "oracle"], 3, "postgres, none"),
        (["create", "my-service", "--database", "none", "--postgres"], 2, "contradict"),
        (["create", "my-service", "--directory", "nowhere"], 2, "nowhere"),
        (["create", "my-service", "--data-file", "nowhere"], 2, "nowhere"),
        (["create", "my-service", "-d", "java_package=Com.Example"], 3, "two or more lower-case words"),
        (["create", "my-service", "-d", "java_package=com.example.new"], 3, "new is a word of Java"),
    ],
)
def test_what_will_not_do_is_refused_and_changes_nothing(
    tmp_path: Path, arguments: list[str], code: int, told: str
) -> None:
    done = run(*arguments, cwd=tmp_path)
    assert done.returncode == code, done.stderr
    assert told in done.stderr
    assert done.stdout == ""
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kind", ["folder", "file", "link"])
def test_what_stands_there_is_not_touched(tmp_path: Path, kind: str) -> None:
    place = tmp_path / "my-service"
    if kind == "folder":
        place.mkdir()
        (place / "mine.txt").write_text("mine")
    elif kind == "file":
        place.write_text("mine")
    else:
        place.symlink_to(tmp_path / "elsewhere")
    before = sorted(tmp_path.rglob("*"))
    done = run(*FASTAPI, cwd=tmp_path)
    assert done.returncode == 2
    assert "error[folder-not-empty]" in done.stderr
    assert sorted(tmp_path.rglob("*")) == before


def test_a_data_file_yields_to_data_and_data_to_flags(tmp_path: Path) -> None:
    file = tmp_path / "answers.yml"
    file.write_text(
        "project_name: from-file\ntemplate: fastapi\nkafka: true\nredis: true\ndatabase: none\n_commit: ignored\n"
    )
    done = run(
        "create", "--data-file", str(file), "-d", "kafka=no", "-d", "redis=no", "--redis", "--dry-run", "-o", "json",
        cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert (found["name"], found["template"]) == ("from-file", "fastapi")
    assert found["answers"] | {"kafka": False, "redis": True, "database": "none"} == found["answers"]


@pytest.mark.parametrize("text", ["- a list", "{unclosed", "\x00"])
def test_a_data_file_that_is_none_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "answers.yml").write_text(text)
    done = run("create", "my-service", "--data-file", "answers.yml", cwd=tmp_path)
    assert done.returncode == 3
    assert "error[invalid-data-file]" in done.stderr


def test_a_dry_run_lists_the_very_files_and_makes_none(
    tmp_path: Path, made: tuple[Path, subprocess.CompletedProcess[str]]
) -> None:
    project, _ = made
    done = run(*FASTAPI, "--no-kafka", "--redis", "--dry-run", "-o", "json", cwd=tmp_path)
    shown = json.loads(done.stdout)
    check_against_schema("create.v1", shown)
    assert shown["files"] == sorted(git(project, "ls-files").splitlines())
    assert (shown["dry_run"], shown["commit"], shown["path"]) == (True, None, str(tmp_path / "my-service"))
    assert list(tmp_path.iterdir()) == []


def test_inside_a_repository_no_other_one_is_made(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")
    done = run(*FASTAPI, "-o", "json", cwd=tmp_path)
    shown = json.loads(done.stdout)
    check_against_schema("create.v1", shown)
    assert shown["commit"] is None
    assert "inside one already" in done.stderr
    assert not (tmp_path / "my-service" / ".git").exists()


def test_no_git_makes_none(tmp_path: Path) -> None:
    assert run(*FASTAPI, "--no-git", cwd=tmp_path).returncode == 0
    assert not (tmp_path / "my-service" / ".git").exists()


def test_without_git_on_the_machine_a_project_is_made_and_the_lack_is_said(tmp_path: Path) -> None:
    done = run(*FASTAPI, cwd=tmp_path, PATH=str(tmp_path / "nothing"))
    assert done.returncode == 0, done.stderr
    assert "git is missing" in done.stderr
    assert (tmp_path / "my-service" / "compose.yaml").is_file()


def test_without_an_identity_the_commit_is_made_all_the_same(tmp_path: Path, own_home: Path) -> None:
    (own_home / "gitconfig").write_text("")
    done = run(*FASTAPI, cwd=tmp_path)
    assert git(tmp_path / "my-service", "log", "--format=%an <%ae>") == "blissful-infra <blissful-infra@localhost>"
    assert git(tmp_path / "my-service", "branch", "--show-current") == "main"
    assert "git commit --amend --reset-author" in done.stderr


def test_signing_and_hooks_of_the_user_do_not_stop_it(tmp_path: Path, own_home: Path) -> None:
    hooks = tmp_path / "hooks"
    hooks.mkdir()
    (hooks / "pre-commit").write_text("#!/bin/sh\nexit 1\n")
    (hooks / "pre-commit").chmod(0o755)
    with (own_home / "gitconfig").open("a") as config:
        config.write(f"[commit]\n\tgpgSign = true\n[gpg]\n\tprogram = false\n[core]\n\thooksPath = {hooks}\n")
    done = run(*FASTAPI, "-o", "json", cwd=tmp_path)
    assert json.loads(done.stdout)["commit"] == git(tmp_path / "my-service", "rev-parse", "--short", "HEAD")


def test_variables_of_a_git_hook_lead_to_no_other_repository(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    git(other, "init", "--quiet")
    variables = {"GIT_DIR": str(other / ".git"), "GIT_WORK_TREE": str(other), "GIT_INDEX_FILE": str(other / "index")}
    done = run(*FASTAPI, cwd=tmp_path, **variables)
    assert done.returncode == 0, done.stderr
    assert git(other, "status", "--porcelain") == ""
    assert git(tmp_path / "my-service", "rev-list", "--count", "HEAD") == "1"


@pytest.mark.parametrize(("sign", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interruption_leaves_nothing_behind(tmp_path: Path, sign: signal.Signals, code: int) -> None:
    program = Path(sys.executable).parent / "blissful-infra"
    process = subprocess.Popen([program, *FASTAPI], cwd=tmp_path, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 30
    while not any(tmp_path.iterdir()):
        assert time.monotonic() < deadline
        assert process.poll() is None
        time.sleep(0.005)
    process.send_signal(sign)
    _, told = process.communicate(timeout=30)
    assert process.returncode == code, told
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(shutil.which("setpriv") is None and os.geteuid() == 0, reason="as root no folder is unwritable")
def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    place = tmp_path / "read-only"
    place.mkdir()
    place.chmod(0o555)
    program = [str(Path(sys.executable).parent / "blissful-infra"), *FASTAPI]
    as_nobody = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"] if os.geteuid() == 0 else []
    done = subprocess.run([*as_nobody, *program], cwd=place, capture_output=True, text=True, check=False)
    assert done.returncode == 2, done.stderr
    assert "error[folder-unusable]" in done.stderr
    assert "Permission denied" in done.stderr
