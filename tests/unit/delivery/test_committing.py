"""A release as one commit, on a real git repository: converging, refused, overtaken, restored."""

import subprocess
from pathlib import Path

import pytest

from blissful_infra.delivery.gitops import committing
from blissful_infra.delivery.gitops.checkout import GitUnreachableError
from blissful_infra.delivery.gitops.committing import (
    OverlayChange,
    PushRefusedError,
    SupersededError,
    newer_commit,
    push_change,
)
from blissful_infra.delivery.gitops.target import GitOpsTarget
from blissful_infra.delivery.kubernetes.manifests import ManifestError
from tests.templates.rendering import git

FIRST, SECOND = (f"r.example/app@sha256:{letter * 64}" for letter in "ab")
KUSTOMIZATION = "# ours\nimages:\n  - name: app\n    newTag: latest\n"


@pytest.fixture
def target(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> GitOpsTarget:
    monkeypatch.setattr(committing, "PAUSE_S", 0.0)
    bare, work = tmp_path / "bare.git", tmp_path / "work"
    subprocess.run(["git", "init", "--quiet", "--bare", "--initial-branch=main", bare], check=True)
    (work / "deploy").mkdir(parents=True)
    (work / "deploy/kustomization.yaml").write_text(KUSTOMIZATION)
    (work / "code.py").write_text("one\n")
    git(work, "init", "--quiet", "--initial-branch=main")
    git(work, "add", "--all")
    git(work, "commit", "--quiet", "--message", "first")
    git(work, "push", "--quiet", str(bare), "HEAD:main")
    return GitOpsTarget(f"file://{bare}", "main", "deploy", "app", "argocd")


def bare_of(target: GitOpsTarget) -> Path:
    return Path(target.repository.removeprefix("file://"))


def push(target: GitOpsTarget, change: OverlayChange) -> tuple[str, bool]:
    return push_change(target, change, "a release", project_folder=bare_of(target), beat=lambda: None)


def shown(target: GitOpsTarget, what: str) -> str:
    return git(bare_of(target), "show", f"main:{what}") + "\n"


def hooked(target: GitOpsTarget, script: str) -> None:
    hook = bare_of(target) / "hooks/pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\nunset GIT_QUARANTINE_PATH\n{script}")
    hook.chmod(0o755)


def test_the_second_time_there_is_no_second_commit(target: GitOpsTarget) -> None:
    commit, made = push(target, OverlayChange("app", FIRST, "abc"))
    assert made
    assert commit == git(bare_of(target), "rev-parse", "main")
    assert push(target, OverlayChange("app", FIRST, "abc")) == (commit, False)
    assert shown(target, "deploy/kustomization.yaml").startswith("# ours\n")


def test_a_restored_overlay_is_the_releases_and_code_stays_as_it_is(target: GitOpsTarget, tmp_path: Path) -> None:
    first, _ = push(target, OverlayChange("app", FIRST, "abc"))
    wanted = shown(target, "deploy/kustomization.yaml")
    push(target, OverlayChange("app", SECOND, "def"))
    other = tmp_path / "other"
    git(tmp_path, "clone", "--quiet", target.repository, str(other))
    (other / "deploy/more.yaml").write_text("a: b\n")
    (other / "code.py").write_text("two\n")
    git(other, "add", "--all")
    git(other, "commit", "--quiet", "--message", "more")
    git(other, "push", "--quiet", "origin", "HEAD:main")
    restored, made = push(target, OverlayChange("app", FIRST, "abc", restores=first))
    assert made
    assert shown(target, "deploy/kustomization.yaml") == wanted
    assert git(bare_of(target), "ls-tree", "--name-only", "main:deploy").split() == ["kustomization.yaml"]
    assert shown(target, "code.py") == "two\n"
    assert git(bare_of(target), "rev-list", "--count", f"{first}..main") == "3"
    assert push(target, OverlayChange("app", FIRST, "abc", restores=first)) == (restored, False)


def test_a_push_that_somebody_overtook_goes_on_top_of_theirs(target: GitOpsTarget) -> None:
    once = """\
test -e overtaken && exit 0
touch overtaken
tree=$(git rev-parse main^{tree})
git update-ref refs/heads/main $(git -c user.name=a -c user.email=a@b commit-tree -p main -m theirs $tree)
exit 0
"""
    hooked(target, once)
    commit, made = push(target, OverlayChange("app", FIRST, "abc"))
    assert made
    assert git(bare_of(target), "log", "--format=%s", commit).split("\n") == ["a release", "theirs", "first"]


def test_a_push_that_is_always_refused_says_what_the_server_said(target: GitOpsTarget) -> None:
    hooked(target, "echo the branch is frozen >&2\nexit 1\n")
    with pytest.raises(PushRefusedError) as caught:
        push(target, OverlayChange("app", FIRST, "abc"))
    assert "the branch is frozen" in str(caught.value.context)
    assert shown(target, "deploy/kustomization.yaml") == KUSTOMIZATION


def test_a_newer_commit_counts_while_it_holds_the_same_image(target: GitOpsTarget) -> None:
    change = OverlayChange("app", FIRST, "abc")
    commit, _ = push(target, change)
    assert newer_commit(target, change, commit) == commit
    push(target, OverlayChange("app", SECOND, "def"))
    with pytest.raises(SupersededError, match=r"moved on to r\.example/app@sha256:bbbb"):
        newer_commit(target, change, commit)


def test_a_repository_that_cannot_be_read_is_named_without_its_password() -> None:
    target = GitOpsTarget("http://me:secret@127.0.0.1:9/a.git", "main", "deploy", "app", "argocd")
    with pytest.raises(GitUnreachableError) as caught:
        push_change(target, OverlayChange("app", FIRST, None), "x", project_folder=Path("/"), beat=lambda: None)
    assert "secret" not in f"{caught.value.message}{caught.value.hint}{caught.value.context}"


def test_an_overlay_that_is_not_there_or_a_link_is_refused(target: GitOpsTarget, tmp_path: Path) -> None:
    change = OverlayChange("app", FIRST, None)
    missing = GitOpsTarget(target.repository, "main", "nowhere", "app", "argocd")
    with pytest.raises(ManifestError, match="no kustomization in nowhere"):
        push_change(missing, change, "x", project_folder=tmp_path, beat=lambda: None)
    other = tmp_path / "other"
    git(tmp_path, "clone", "--quiet", target.repository, str(other))
    (other / "deploy/kustomization.yaml").unlink()
    (other / "deploy/kustomization.yaml").symlink_to(tmp_path / "work/deploy/kustomization.yaml")
    git(other, "add", "--all")
    git(other, "commit", "--quiet", "--message", "a link")
    git(other, "push", "--quiet", "origin", "HEAD:main")
    with pytest.raises(ManifestError, match="is a link"):
        push_change(target, change, "x", project_folder=tmp_path, beat=lambda: None)
