"""A deploy changes one entry of a kustomization, and nothing else of it."""

import contextlib

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from blissful_infra.delivery.gitops.overlay import image_in, with_image
from blissful_infra.delivery.images.image import ImageReference
from blissful_infra.delivery.kubernetes.manifests import ManifestError

DIGEST, OTHER = f"sha256:{'a' * 64}", f"sha256:{'b' * 64}"
IMAGE = ImageReference("registry.example:5000/team/app", digest=DIGEST)
GENERATED = """\
# The namespace is ours.
namespace: shop   # not yours

images:
  - name: app
    newName: registry.example/app
    newTag: latest # a deploy pins the digest
  - name: postgres # the mirror's
    newName: mirror.example/postgres

replicas:
  - {name: app, count: 2}
"""


def test_a_tag_gives_its_place_to_the_digest_and_all_else_stays() -> None:
    assert with_image(GENERATED, "app", IMAGE, "4f0c1d") == GENERATED.replace(
        "registry.example/app\n    newTag: latest # a deploy pins the digest",
        f"registry.example:5000/team/app\n    digest: {DIGEST} # tag 4f0c1d",
    )


def test_the_second_time_nothing_changes() -> None:
    once = with_image(GENERATED, "app", IMAGE, "4f0c1d")
    assert with_image(once, "app", IMAGE, "4f0c1d") == once
    assert image_in(once, "app") == str(IMAGE)
    assert image_in(GENERATED, "app") is None


def test_the_next_digest_replaces_the_one_before_and_its_tag() -> None:
    once = with_image(GENERATED, "app", IMAGE, "4f0c1d")
    again = with_image(once, "app", ImageReference(IMAGE.repository, digest=OTHER), None)
    assert again == once.replace(f"{DIGEST} # tag 4f0c1d", OTHER)


@pytest.mark.parametrize(
    "text",
    [
        "images:\n- name: app\n",
        "images:\n- name: app\n  newTag: '1' # somebody's own\n  digest: sha256:0\n",
        f"images:\n- digest: {OTHER}\n  newName: x/y\n  name: app\n",
        "images: [{name: app, newName: x/y, newTag: 1.2}]\n",
        "images: [{name: other, newTag: '2'}]\nnamespace: shop\n",
        "namespace: shop\nimages:\n  - name: other\n    newTag: '2'\nreplicas: []\n",
        "images: []\nnamespace: shop\n",
        "images:\nnamespace: shop\n",
        "namespace: shop",
        "namespace: shop\n# the end\n",
        "images:\r\n  - name: app\r\n    newTag: latest\r\nnamespace: shop\r\n",
    ],
)
def test_every_way_to_write_images_is_understood(text: str) -> None:
    after = with_image(text, "app", IMAGE, "abc")
    assert image_in(after, "app") == str(IMAGE)
    kept = {key: value for key, value in yaml.safe_load(text).items() if key != "images"}
    assert {key: value for key, value in yaml.safe_load(after).items() if key != "images"} == kept
    assert with_image(after, "app", IMAGE, "abc") == after
    assert after.count("images:") == 1


def test_somebodys_own_comment_is_kept() -> None:
    text = f"images:\n  - name: app\n    newName: {IMAGE.repository}\n    digest: {OTHER} # ask the team first\n"
    assert with_image(text, "app", IMAGE, "abc") == text.replace(OTHER, DIGEST)


@pytest.mark.parametrize("text", ["a: [", "- 1\n", "images: &a [*a]\n", "images: no list\n", "a: 1\n---\nb: 2\n", ""])
def test_what_is_no_kustomization_is_refused_or_given_an_image(text: str) -> None:
    with contextlib.suppress(ManifestError):
        assert image_in(with_image(text, "app", IMAGE, None), "app") == str(IMAGE)


@given(st.text(alphabet="images:-{}[] \n#'\"newTdgtapp01&*!|>", max_size=80))
def test_no_text_is_spoilt_in_silence(text: str) -> None:
    try:
        after = with_image(text, "app", IMAGE, "abc")
    except ManifestError:
        return
    before = yaml.safe_load(text) or {}
    found = yaml.safe_load(after)
    assert {key: found[key] for key in before if key != "images"} == {
        key: value for key, value in before.items() if key != "images"
    }
    assert image_in(after, "app") == str(IMAGE)
