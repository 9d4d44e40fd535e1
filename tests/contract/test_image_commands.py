"""`image` on a real registry, and with a real Docker engine from the commit to the digest."""

import json
import os
import re
import shutil
import subprocess
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engines import registry
from tests.ports import free_ports
from tests.schemas import check_against_schema
from tests.unit.cli.test_program import run
from tests.unit.settings.projects import a_project

pytestmark = pytest.mark.needs_registry


@pytest.fixture
def host(tmp_path: Path) -> Iterator[str]:
    folder = tmp_path / "registry"
    folder.mkdir()
    with registry.running(folder) as found:
        yield found


def a_committed_project(folder: Path, *changes: tuple[str, str]) -> Path:
    """A project of one commit, with an image of one file."""
    folder.mkdir()
    a_project(folder, *changes)
    (folder / "Dockerfile").write_text("FROM scratch\nARG GIT_REVISION\nARG BUILD_TIME\nCOPY blissful-infra.yaml /\n")
    for words in (["init", "--quiet"], ["add", "--all"], ["commit", "--quiet", "--message", "one"]):
        subprocess.run(["git", *words], cwd=folder, check=True)
    return folder


@pytest.fixture
def project(tmp_path: Path, host: str) -> Path:
    """A project whose images go to the registry."""
    return a_committed_project(
        tmp_path / "project", ("registry: { kind: local }", f"registry: {{ kind: local, url: '{host}/team' }}")
    )


def test_list_shows_what_was_pushed(project: Path, host: str) -> None:
    nothing = run("image", "list", cwd=project)
    assert (nothing.returncode, nothing.stdout) == (0, "")
    assert f"{host}/team/my-service holds no image" in nothing.stderr
    digest = registry.put_image(host, "team/my-service", ("abc", "latest"))
    document = json.loads(run("image", "list", "-o", "json", cwd=project).stdout)
    check_against_schema("image-list.v1", document)
    assert {each["tag"]: each["digest"] for each in document["images"]} == {"abc": digest, "latest": digest}


def test_uncommitted_changes_are_refused_before_anything_is_built(project: Path) -> None:
    (project / "Dockerfile").write_text("FROM scratch\n")
    done = run("image", "build", cwd=project)
    assert done.returncode == 2
    assert "error[dirty-tree]" in done.stderr
    allowed = run("image", "build", "--allow-dirty", "--dry-run", "-o", "json", cwd=project)
    document = json.loads(allowed.stdout)
    check_against_schema("image.v1", document)
    (tag,) = document["image"]["tags"]
    assert tag.endswith("-dirty")
    assert "Would build" in allowed.stderr


def test_a_cloud_registry_logs_in_with_the_providers_program(project: Path, tmp_path: Path) -> None:
    said = tmp_path / "said"
    programs = tmp_path / "programs"
    programs.mkdir()
    host = "123456789012.dkr.ecr.eu-west-1.amazonaws.com"
    stand_ins = {
        "aws": f'echo "aws $*" >> {said}; echo secret-of-aws',
        "docker": f'echo "docker $*" >> {said}; [ "$1" = login ] && cat >> {said}.stdin; [ "$1" != push ]',
    }
    for name, body in stand_ins.items():
        (programs / name).write_text(f"#!/bin/sh\n{body}\n")
        (programs / name).chmod(0o755)
    text = (project / "blissful-infra.yaml").read_text()
    line = next(line for line in text.splitlines() if line.startswith("registry:"))
    (project / "blissful-infra.yaml").write_text(text.replace(line, f"registry: {{ kind: ecr, url: {host} }}"))
    subprocess.run(["git", "commit", "--all", "--quiet", "--message", "two"], cwd=project, check=True)
    done = run("image", "push", cwd=project, PATH=f"{programs}:{os.environ['PATH']}")
    assert done.returncode == 6
    assert "could not be pushed" in done.stderr
    assert "secret-of-aws" not in done.stderr + said.read_text()
    assert f"docker login --username AWS --password-stdin {host}" in said.read_text()
    assert Path(f"{said}.stdin").read_text().strip() == "secret-of-aws"


@pytest.mark.needs_docker
@pytest.mark.slow
def test_push_goes_from_the_commit_to_the_registrys_digest(project: Path, host: str) -> None:
    done = run("image", "push", "-o", "json", cwd=project)
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    check_against_schema("image.v1", document)
    commit = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=project, check=True, capture_output=True, text=True
    ).stdout.strip()
    assert document["image"]["tags"] == [commit, "latest"]
    listed = json.loads(run("image", "list", "-o", "json", cwd=project).stdout)["images"]
    assert {each["digest"] for each in listed} == {document["image"]["digest"]}
    assert {each["tag"] for each in listed} == {commit, "latest"}
    again = run("image", "push", cwd=project)
    assert "building" not in again.stderr  # the engine has it


@pytest.fixture
def registry_image(tmp_path: Path) -> Iterator[str]:
    """An image of Debian's registry that listens where the public one does; nothing is pulled."""
    folder, name = tmp_path / "image", f"blissful.test/registry:{uuid.uuid4().hex[:12]}"
    folder.mkdir()
    program = Path(str(shutil.which("docker-registry"))).resolve()
    said = subprocess.run(["ldd", program], capture_output=True, text=True, check=True).stdout
    for place in (str(program), *re.findall(r"(/lib\S+) \(", said)):
        target = folder / "root" / place.lstrip("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(place, target)
    settings = {
        "version": 0.1,
        "storage": {"filesystem": {"rootdirectory": "/var/lib/registry"}},
        "http": {"addr": ":5000"},
    }
    (folder / "root" / "registry.yml").write_text(json.dumps(settings))
    entry = json.dumps([str(program), "serve", "/registry.yml"])
    (folder / "Dockerfile").write_text(f"FROM scratch\nCOPY root /\nENTRYPOINT {entry}\n")
    subprocess.run(["docker", "build", "--quiet", "--tag", name, folder], check=True, capture_output=True)
    yield name
    subprocess.run(["docker", "image", "rm", "--force", name], check=True, capture_output=True)


@pytest.mark.needs_docker
@pytest.mark.slow
def test_a_local_registry_is_started_where_none_listens_and_found_again(tmp_path: Path, registry_image: str) -> None:
    (port,) = free_ports(1)
    folder = a_committed_project(
        tmp_path / "project",
        ("registry: { kind: local }", f"registry: {{ kind: local, url: 'localhost:{port}/team' }}"),
        ("images: {}", f"images: {{ 'registry:3': '{registry_image}' }}"),
    )
    before = run("image", "list", cwd=folder)
    assert (before.returncode, "`blissful-infra image push` starts" in before.stderr) == (4, True), before.stderr
    container = f"blissful-infra-registry-{port}"
    try:
        pushed = run("image", "push", "-o", "json", cwd=folder)
        assert pushed.returncode == 0, pushed.stderr
        assert f"starting a registry at localhost:{port}" in pushed.stderr
        digest = json.loads(pushed.stdout)["image"]["digest"]
        subprocess.run(["docker", "stop", container], check=True, capture_output=True)
        again = run("image", "push", cwd=folder)
        assert (again.returncode, digest in again.stdout) == (0, True), again.stderr
    finally:
        subprocess.run(["docker", "rm", "--force", container], check=True, capture_output=True)
        subprocess.run(["docker", "volume", "rm", container], check=True, capture_output=True)
