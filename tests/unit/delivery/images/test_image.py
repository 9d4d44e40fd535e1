"""Image references, tags, registries and the build command: what is decided without Docker."""

import itertools
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.errors import BlissfulError
from blissful_infra.delivery.images.building import Build, build_argv, build_image
from blissful_infra.delivery.images.image import (
    DirtyTreeError,
    ImageReference,
    InvalidImageError,
    Source,
    reference_of,
    tags_of,
)
from blissful_infra.delivery.images.registries import RegistryAddressError, login_of, repository_of, speaks_plain_http
from blissful_infra.delivery.source import commit_of, source_of
from blissful_infra.settings.model import Registry, RegistryKind

DIGEST = f"sha256:{'a' * 64}"
COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.mark.parametrize(
    "text",
    [
        "localhost:5000/app",
        "registry.example/team/app:1.2",
        f"registry.example/app@{DIGEST}",
        f"r.example/app:x@{DIGEST}",
    ],
)
def test_a_reference_is_written_as_it_was_read(text: str) -> None:
    assert str(reference_of(text)) == text


@pytest.mark.parametrize(
    "text", ["", "app", "app:1", "Registry/App", "r/app@sha256:12", "r/app:-x", "r/a b", "-r/app", "r/app\n"]
)
def test_what_is_no_reference_is_refused(text: str) -> None:
    with pytest.raises(InvalidImageError):
        reference_of(text)


@given(st.text(max_size=80))
def test_any_text_is_a_reference_or_refused_by_name(text: str) -> None:
    try:
        found = reference_of(text)
    except InvalidImageError:
        return
    assert str(found) == text
    assert found.registry
    assert found.path


def test_pinning_forgets_the_tag() -> None:
    assert str(ImageReference("r.example/app", tag="latest").pinned(DIGEST)) == f"r.example/app@{DIGEST}"


def test_a_clean_tree_is_tagged_by_commit_and_latest() -> None:
    assert tags_of(Source(COMMIT, dirty=False), allow_dirty=True) == (COMMIT, "latest")


def test_a_dirty_tree_is_refused_unless_allowed_and_never_latest() -> None:
    dirty = Source(COMMIT, dirty=True)
    with pytest.raises(DirtyTreeError):
        tags_of(dirty, allow_dirty=False)
    assert tags_of(dirty, allow_dirty=True) == (f"{COMMIT}-dirty",)
    assert dirty.revision == f"{COMMIT}-dirty"


@pytest.mark.parametrize(
    ("kind", "url", "argv", "piped"),
    [
        ("ecr", "123456789012.dkr.ecr.eu-west-1.amazonaws.com", ("aws", "ecr", "get-login-password"), True),
        ("gcr", "europe-docker.pkg.dev/project/repo", ("gcloud", "auth", "configure-docker"), False),
        ("acr", "myteam.azurecr.io", ("az", "acr", "login"), False),
    ],
)
def test_each_provider_logs_in_with_its_own_program(kind: str, url: str, argv: tuple[str, ...], piped: bool) -> None:
    login = login_of(Registry(kind=RegistryKind(kind), url=url))
    assert login is not None
    assert login.argv[:3] == argv
    assert (login.into is not None) == piped
    with pytest.raises(RegistryAddressError):
        login_of(Registry(kind=RegistryKind(kind), url="registry.example"))


def test_a_plain_registry_has_no_login_of_its_own() -> None:
    assert login_of(Registry()) is None
    assert login_of(Registry(kind=RegistryKind.GENERIC, url="registry.example")) is None


@pytest.mark.parametrize(
    ("host", "insecure", "plain"),
    [
        ("localhost:5000", False, True),
        ("127.0.0.1:5000", False, True),
        ("r.example", False, False),
        ("r.example", True, True),
    ],
)
def test_only_this_machine_and_what_is_called_insecure_is_spoken_to_without_tls(
    host: str, insecure: bool, plain: bool
) -> None:
    assert speaks_plain_http(Registry(url=host, insecure=insecure), host) is plain


def test_images_go_below_the_registrys_address() -> None:
    assert repository_of(Registry(), "app") == "localhost:5000/app"
    assert repository_of(Registry(url="r.example/team"), "app") == "r.example/team/app"


def test_the_build_names_its_commit_and_replaces_base_images() -> None:
    build = Build(Path(), Source(COMMIT, dirty=False), "r.example/app", (COMMIT, "latest"))
    dockerfile = "ARG BASE=python:3.12\nARG OTHER=debian:12\nFROM ${BASE}\n"
    argv = build_argv(
        build, dockerfile, {"python:3.12": "mirror.example/python:3.12"}, now=datetime(2026, 1, 2, tzinfo=UTC)
    )
    assert argv[:2] == ("docker", "build")
    given_arguments = [word for before, word in itertools.pairwise(argv) if before == "--build-arg"]
    assert given_arguments == [
        f"GIT_REVISION={COMMIT}",
        "BUILD_TIME=2026-01-02T00:00:00+00:00",
        "BASE=mirror.example/python:3.12",
    ]
    assert [word for before, word in itertools.pairwise(argv) if before == "--tag"] == [
        f"r.example/app:{COMMIT}",
        "r.example/app:latest",
    ]


def git(folder: Path, *words: str) -> str:
    return subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True, text=True).stdout.strip()


def test_the_source_is_the_commit_and_whether_files_differ(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")
    with pytest.raises(BlissfulError, match="no commit"):
        source_of(tmp_path)
    (tmp_path / "file").write_text("1")
    (tmp_path / ".gitignore").write_text(".blissful/\n")
    git(tmp_path, "add", "--all")
    git(tmp_path, "commit", "--quiet", "--message", "one")
    commit = git(tmp_path, "rev-parse", "HEAD")
    (tmp_path / ".blissful").mkdir()
    (tmp_path / ".blissful" / "state").write_text("ignored")
    assert source_of(tmp_path) == Source(commit, dirty=False)
    assert commit_of(tmp_path, commit[:8]) == commit
    (tmp_path / "file").write_text("2")
    assert source_of(tmp_path) == Source(commit, dirty=True)


@pytest.mark.parametrize("ref", ["missing", "--output=/tmp/x", ""])
def test_a_ref_that_is_no_commit_is_refused(tmp_path: Path, ref: str) -> None:
    git(tmp_path, "init", "--quiet")
    with pytest.raises(BlissfulError):
        commit_of(tmp_path, ref)


@pytest.mark.parametrize(
    ("says", "code"),
    [
        ("ERROR: BuildKit is enabled but the buildx component is missing or broken.", "missing-tool"),
        ("Cannot connect to the Docker daemon at unix:///x.sock. Is the docker daemon running?", "docker-unreachable"),
        ("failed to solve: process did not complete", "command-failed"),
    ],
)
def test_a_build_without_docker_is_told_from_one_that_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, says: str, code: str
) -> None:
    docker = tmp_path / "bin" / "docker"
    docker.parent.mkdir()
    docker.write_text(f"#!/bin/sh\necho '{says}' >&2\nexit 1\n")
    docker.chmod(0o755)
    monkeypatch.setenv("PATH", f"{docker.parent}:/usr/bin:/bin")
    (tmp_path / "Dockerfile").write_text("FROM scratch\n")
    build = Build(tmp_path, Source(COMMIT, dirty=False), "r.example/app", (COMMIT,))
    with pytest.raises(BlissfulError) as refused:
        build_image(build, {}, certificates=None, now=datetime(2026, 1, 1, tzinfo=UTC))
    assert (refused.value.code, refused.value.exit_code) == (code, 6 if code == "command-failed" else 4)
