"""What the fixers get of a repository: committed texts, the lines that commits took away, and a culprit backwards."""

from pathlib import Path

from agent.fixes import fixes_for
from blissful_infra.fixing.project_reading import project_files
from blissful_infra.fixing.repository import Repository
from blissful_infra.fixing.suggesting import fixes_of
from tests.unit.agent.fixes.repositories import a_cause
from tests.unit.fixing.projects import COMPOSE, a_repository, git, head


def test_texts_are_those_of_the_last_commit(tmp_path: Path) -> None:
    folder = a_repository(
        tmp_path / "shop",
        {"app/a.py": "x = 1\n", "logo.png": "\x00", "node_modules/b/package.json": "{}", "ü.yaml": "a: 1\n"},
    )
    (folder / "link.yaml").symlink_to("/etc/passwd")
    (folder / "binary.yaml").write_bytes(b"\xff\xfe")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "More")
    (folder / "app" / "a.py").write_text("x = 2\n")
    files = project_files(Repository(folder), services=("app",))
    assert files.texts["app/a.py"] == "x = 1\n"
    assert set(files.texts) == {"app/a.py", "blissful-infra.yaml", "compose.yaml", "ü.yaml"}
    assert files.base == head(folder)
    assert [commit.message.strip() for commit in files.commits] == ["More", "First commit"]


def test_only_what_lies_below_the_project_is_read(tmp_path: Path) -> None:
    top = a_repository(tmp_path / "mono", {"shop/compose.yaml": COMPOSE, "other/compose.yaml": COMPOSE})
    assert list(project_files(Repository(top / "shop")).texts) == ["shop/compose.yaml"]


def test_a_removed_variable_comes_back_from_real_history(tmp_path: Path) -> None:
    with_variable = COMPOSE + "    environment:\n      MODE: fast # quick\n      LEVEL: info\n"
    folder = a_repository(tmp_path / "shop", {"compose.yaml": with_variable})
    (folder / "compose.yaml").write_text(with_variable.replace("      MODE: fast # quick\n", ""))
    git(folder, "commit", "--quiet", "--all", "--message", "Tidy up")
    cause = a_cause("configuration-missing", "environment variable MODE is not set")
    fixes = fixes_of(cause, (), Repository(folder))
    assert [fix.id for fix in fixes] == ["restore-setting"]


def test_a_culprit_is_reverted_only_where_that_applies(tmp_path: Path) -> None:
    folder = a_repository(tmp_path / "shop", {"a.txt": "one\n", "b.txt": "one\n"})
    (folder / "a.txt").write_text("two\n")
    git(folder, "commit", "--quiet", "--all", "--message", "Break it")
    culprit = head(folder)
    cause = a_cause("code-defect", commit=culprit[:8])
    assert [fix.id for fix in fixes_of(cause, (), Repository(folder))] == ["revert-commit"]
    (folder / "a.txt").write_text("three\n")
    git(folder, "commit", "--quiet", "--all", "--message", "Go on")
    assert fixes_of(cause, (), Repository(folder)) == ()
    first = git(folder, "rev-list", "--max-parents=0", "HEAD")
    assert fixes_of(a_cause("code-defect", commit=first), (), Repository(folder)) == ()
    assert fixes_of(a_cause("code-defect", commit="--all"), (), Repository(folder)) == ()


def test_without_git_there_are_playbooks_only() -> None:
    cause = a_cause("crash-loop", "Out of memory")
    assert {fix.id for fix in fixes_of(cause, (), None, services=("app",))} == {"bring-up", "restart-service"}


def test_git_with_windows_line_ends_and_settings(tmp_path: Path) -> None:
    folder = a_repository(tmp_path / "shop", {"compose.yaml": COMPOSE.replace("\n", "\r\n")})
    git(folder, "config", "core.autocrlf", "true")
    git(folder, "config", "diff.noprefix", "true")
    git(folder, "config", "diff.external", "/bin/false")
    cause = a_cause("oom-killed", "Out of memory")
    files = project_files(Repository(folder))
    assert [fix.id for fix in fixes_for(cause, files)] == [fix.id for fix in fixes_of(cause, (), Repository(folder))]
