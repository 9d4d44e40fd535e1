"""The registry client on a real registry, open and guarded; credentials as Docker keeps them."""

import base64
import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from blissful_infra.delivery.images.image import ImageReference
from blissful_infra.delivery.images.registry_client import NoImageError, RegistryClient, RegistryError
from tests.engines import registry
from tests.ports import free_ports

pytestmark = pytest.mark.needs_registry


@pytest.fixture(scope="module")
def open_registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with registry.running(tmp_path_factory.mktemp("open")) as host:
        yield host


@pytest.fixture(scope="module")
def guarded_registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with registry.running(tmp_path_factory.mktemp("guarded"), guarded=True) as host:
        registry.put_image(host, "app", ("1",), guarded=True)
        yield host


def test_a_tag_is_read_back_as_the_digest_that_was_pushed(open_registry: str) -> None:
    digest = registry.put_image(open_registry, "team/app", ("abc", "latest"))
    other = registry.put_image(open_registry, "team/app", ("other",), content="y")
    with RegistryClient(open_registry, plain_http=True) as client:
        image = ImageReference(f"{open_registry}/team/app")
        assert client.digest_of(ImageReference(image.repository, tag="latest")) == digest
        assert client.digest_of(image.pinned(other)) == other
        assert [(each.tag, each.digest) for each in client.tags_of(image)] == [
            ("abc", digest),
            ("latest", digest),
            ("other", other),
        ]


def test_the_label_of_an_image_says_its_commit(open_registry: str) -> None:
    digest = registry.put_image(open_registry, "labelled", ("1",), variables={"GIT_REVISION": "abc"})
    with RegistryClient(open_registry, plain_http=True) as client:
        assert client.revision_of(ImageReference(f"{open_registry}/labelled", digest=digest)) == "abc"


def test_what_was_never_pushed_is_named(open_registry: str) -> None:
    with RegistryClient(open_registry, plain_http=True) as client:
        assert client.tags_of(ImageReference(f"{open_registry}/nothing")) == ()
        with pytest.raises(NoImageError):
            client.digest_of(ImageReference(f"{open_registry}/nothing", tag="latest"))


def test_a_guarded_registry_is_told_what_docker_login_kept(
    guarded_registry: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    reference = ImageReference(f"{guarded_registry}/app", tag="1")
    with RegistryClient(guarded_registry, plain_http=True) as client, pytest.raises(RegistryError, match="who you are"):
        client.digest_of(reference)
    auth = base64.b64encode(f"{registry.USER}:{registry.PASSWORD}".encode()).decode()
    (tmp_path / "config.json").write_text(json.dumps({"auths": {guarded_registry: {"auth": auth}}}))
    with RegistryClient(guarded_registry, plain_http=True) as client:
        assert client.digest_of(reference).startswith("sha256:")


def test_a_guarded_registry_is_told_what_the_credential_helper_says(
    guarded_registry: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = json.dumps({"Username": registry.USER, "Secret": registry.PASSWORD})
    helper = tmp_path / "docker-credential-test"
    helper.write_text(f"#!/bin/sh\n[ \"$1\" = get ] && [ \"$(cat)\" = '{guarded_registry}' ] && echo '{answer}'\n")
    helper.chmod(0o755)
    (tmp_path / "config.json").write_text(json.dumps({"credHelpers": {guarded_registry: "test"}}))
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    with RegistryClient(guarded_registry, plain_http=True) as client:
        assert client.digest_of(ImageReference(f"{guarded_registry}/app", tag="1")).startswith("sha256:")


def test_a_registry_that_is_down_is_an_error_with_its_name() -> None:
    host = f"127.0.0.1:{free_ports(1)[0]}"
    with RegistryClient(host, plain_http=True) as client, pytest.raises(RegistryError, match=host):
        client.digest_of(ImageReference(f"{host}/app", tag="1"))
