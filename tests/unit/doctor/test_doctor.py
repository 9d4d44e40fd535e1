"""`doctor` as a person runs it, over real folders."""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from blissful_infra.paths import content_root
from tests.schemas import check_against_schema
from tests.unit.cli.test_program import run
from tests.unit.settings.projects import a_project


def examined(cwd: Path, *arguments: str, code: int = 0, **variables: str) -> dict[str, Any]:
    variables.setdefault("XDG_RUNTIME_DIR", str(cwd))
    done = run("doctor", "-o", "json", *arguments, cwd=cwd, **variables)
    assert done.returncode == code, done.stderr
    document: dict[str, Any] = json.loads(done.stdout)
    check_against_schema("doctor.v1", document)
    return document | {"by_name": {check["name"]: check for check in document["checks"]}, "said": done.stderr}


def bare_path(tmp_path: Path, *programs: str) -> str:
    """A PATH with these programs only."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for program in programs:
        found = shutil.which(program)
        assert found, program
        (folder / program).symlink_to(found)
    return str(folder)


def test_outside_a_project_nothing_is_required_and_all_tools_are_covered(tmp_path: Path) -> None:
    document = examined(tmp_path)
    expected = {
        "python", "ansible", "docker", "compose", "buildx", "git", "java", "javac", "mvn", "k6", "kubectl", "node",
        "go", "memory", "disk",
    }  # fmt: skip
    assert expected <= set(document["by_name"])
    assert (document["project"], document["blocked"]) == (None, False)
    assert document["by_name"]["git"]["status"] == "ok"


def test_a_missing_needed_tool_exits_4_and_names_the_fix(tmp_path: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()
    a_project(project)
    document = examined(
        project, code=4, PATH=bare_path(tmp_path, "git", "apt-get"), BLISSFUL_RUNTIME="process", JAVA_HOME=""
    )
    maven = document["by_name"]["mvn"]
    assert (maven["status"], maven["required"]) == ("missing", "services.app.build runs it")
    assert maven["fix"] == "sudo apt-get install -y maven"
    assert document["by_name"]["k6"]["required"] is None


def test_docker_is_required_where_the_project_asks_for_it(tmp_path: Path) -> None:
    a_project(tmp_path)
    nowhere = f"unix://{tmp_path}/no.sock"
    document = examined(tmp_path, code=4, BLISSFUL_RUNTIME="docker", DOCKER_HOST=nowhere)
    assert document["by_name"]["docker"]["status"] == "missing"
    assert document["by_name"]["java"]["required"] is None


def test_a_taken_port_names_its_holder(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        a_project(tmp_path, ("port: 8080", f"port: {port}"))
        ports = examined(tmp_path, BLISSFUL_RUNTIME="process")["by_name"]["ports"]
    assert ports["status"] == "warn"
    assert f"{port} (app) is held by pid {os.getpid()}" in ports["message"]


@pytest.fixture
def untidy(tmp_path: Path) -> Path:
    """A project in git whose state is loose, unignored, and locked by a process that is gone."""
    a_project(tmp_path)
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    (tmp_path / ".gitignore").write_text("target/")
    state = tmp_path / ".blissful"
    state.mkdir(mode=0o755)
    state.chmod(0o755)
    (state / "secrets.env").write_text("POSTGRES_PASSWORD=x\n")
    (state / "secrets.env").chmod(0o644)
    gone = subprocess.run(
        [sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, text=True, check=True
    )
    lock = {"v": 1, "verb": "up", "run_id": "r", "pid": int(gone.stdout), "born": 1.0, "boot": "another", "since": 1.0}
    (state / "lock.json").write_text(json.dumps(lock))
    return tmp_path


UNTIDY = {"stale-lock", "permissions", "gitignore"}


def test_leftovers_are_told_and_left_alone_without_fix(untidy: Path) -> None:
    found = {check["name"] for check in examined(untidy, BLISSFUL_RUNTIME="process")["checks"]}
    assert found >= UNTIDY
    assert (untidy / ".blissful" / "lock.json").exists()
    assert (untidy / ".gitignore").read_text() == "target/"


def test_fix_says_and_mends_what_is_safe(untidy: Path) -> None:
    document = examined(untidy, "--fix", BLISSFUL_RUNTIME="process")
    assert set(document["mended"]) == UNTIDY
    assert "Mending Lock: `up` (pid" in document["said"]
    assert UNTIDY.isdisjoint(document["by_name"])
    assert not (untidy / ".blissful" / "lock.json").exists()
    assert (untidy / ".blissful").stat().st_mode & 0o777 == 0o700
    assert (untidy / ".blissful" / "secrets.env").stat().st_mode & 0o777 == 0o600
    assert (untidy / ".gitignore").read_text() == "target/\n.blissful/\n"


@pytest.fixture
def short_folder() -> Iterator[Path]:
    """A socket's path may have about 100 characters only."""
    with tempfile.TemporaryDirectory(prefix="b-") as folder:
        yield Path(folder)


def test_sockets_of_killed_stacks_are_removed_and_living_ones_kept(short_folder: Path) -> None:
    sockets = short_folder / f"blissful-{os.getuid()}"
    dead, living = sockets / "0000dead", sockets / "0000beef"
    for folder in (dead, living):
        folder.mkdir(parents=True)
    with socket.socket(socket.AF_UNIX) as gone:
        gone.bind(str(dead / "supervisor.sock"))
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(living / "supervisor.sock"))
        server.listen()
        document = examined(short_folder, "--fix")
    assert document["mended"] == ["deserted-sockets"]
    assert (dead.exists(), living.exists()) == (False, True)


def test_a_living_lock_is_not_touched(tmp_path: Path) -> None:
    import psutil

    from blissful_infra.stacks.state.boot import boot_id

    a_project(tmp_path)
    state = tmp_path / ".blissful"
    state.mkdir(mode=0o700)
    born = psutil.Process().create_time()
    lock = {"v": 1, "verb": "up", "run_id": "r", "pid": os.getpid(), "born": born, "boot": boot_id(), "since": born}
    (state / "lock.json").write_text(json.dumps(lock))
    document = examined(tmp_path, "--fix", BLISSFUL_RUNTIME="process")
    assert document["mended"] == []
    assert (state / "lock.json").exists()


def test_the_table_says_what_each_is_needed_for(tmp_path: Path) -> None:
    done = run("doctor", cwd=tmp_path)
    assert done.returncode == 0
    assert done.stdout.splitlines()[0].split() == ["CHECK", "STATUS", "FOUND", "NEEDED", "FOR"]
    assert "load tests" in done.stdout
    assert str(content_root()) in done.stdout
