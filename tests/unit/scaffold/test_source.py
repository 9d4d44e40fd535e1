"""Where templates come from: a bundle, a checkout, or a plain folder."""

import subprocess
from pathlib import Path

import pytest

from blissful_infra.errors import RenderError
from blissful_infra.scaffold.source import PUBLIC_URL, TemplateSource, bundled_commit, find_source, redirection


def git(folder: Path, *arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    root = tmp_path / "checkout"
    (root / "copier-templates").mkdir(parents=True)
    (root / "copier.yml").write_text("_subdirectory: template\n")
    git(root, "init", "--quiet")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "first")
    return root


def test_a_clean_checkout_stands_in_for_the_public_repository(checkout: Path) -> None:
    (checkout / "notes.txt").write_text("not a template")
    source = find_source(checkout)
    assert (source.url, source.ref, source.note) == (PUBLIC_URL, git(checkout, "rev-parse", "HEAD"), None)


def test_uncommitted_templates_are_taken_as_they_stand_and_said(checkout: Path) -> None:
    (checkout / "copier.yml").write_text("_subdirectory: other\n")
    source = find_source(checkout)
    assert (source.url, source.ref) == (str(checkout), "HEAD")
    assert "uncommitted" in str(source.note)


def test_a_bundle_stands_in_for_the_public_repository(checkout: Path, tmp_path: Path) -> None:
    content = tmp_path / "content"
    content.mkdir()
    git(checkout, "bundle", "create", "--quiet", str(content / "templates.bundle"), "HEAD")
    source = find_source(content)
    assert (source.url, source.ref, source.note) == (PUBLIC_URL, git(checkout, "rev-parse", "HEAD"), None)
    assert source.environment == redirection(content / "templates.bundle")


def test_a_folder_without_history_says_what_that_costs(tmp_path: Path) -> None:
    assert find_source(tmp_path) == TemplateSource(
        str(tmp_path), note="this blissful-infra was built without its history, so `copier update` will not work"
    )


def test_without_git_the_folder_is_used(checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    source = find_source(checkout)
    assert (source.url, source.ref) == (str(checkout), None)
    assert "git is missing" in str(source.note)


def test_git_reads_the_public_url_from_here_and_no_other_place(
    checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "alias.settings-of-the-user")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", "kept")
    for name, value in redirection(checkout).items():
        monkeypatch.setenv(name, value)
    assert git(checkout, "rev-parse", "HEAD") in git(tmp_path, "ls-remote", PUBLIC_URL, "HEAD")
    assert git(tmp_path, "config", "alias.settings-of-the-user") == "kept"
    with pytest.raises(subprocess.CalledProcessError) as caught:
        git(tmp_path, "ls-remote", "https://example.invalid/other.git")
    assert "not allowed" in caught.value.stderr


def test_a_bundle_without_head_is_refused(checkout: Path, tmp_path: Path) -> None:
    git(checkout, "branch", "other")
    git(checkout, "bundle", "create", "--quiet", str(tmp_path / "x.bundle"), "other")
    with pytest.raises(ValueError, match="no HEAD"):
        bundled_commit(tmp_path / "x.bundle")


def test_a_checkout_that_git_cannot_read_is_an_error_with_gits_own_words(tmp_path: Path) -> None:
    (tmp_path / ".git").write_text("gitdir: nowhere\n")
    with pytest.raises(RenderError) as caught:
        find_source(tmp_path)
    assert "nowhere" in caught.value.context["git"]
