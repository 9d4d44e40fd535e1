import os
import subprocess
from pathlib import Path

from blissful_infra.stacks.sources import stamp_of


def repository(folder: Path) -> Path:
    (folder / "app.py").write_text("print(1)")
    (folder / ".gitignore").write_text("target/\n.blissful/\n")
    for command in (["init", "-q"], ["add", "."], ["commit", "-qm", "first"]):
        subprocess.run(["git", "-C", str(folder), *command], check=True)
    return folder


def test_unchanged_sources_keep_their_stamp(tmp_path: Path) -> None:
    first, _ = stamp_of(repository(tmp_path), None)
    (tmp_path / "target").mkdir()
    (tmp_path / "target" / "app.jar").write_text("built")
    (tmp_path / "blissful-infra.yaml").write_text("name: other")
    assert stamp_of(tmp_path, first) == (first, False)


def test_an_edit_and_a_new_file_change_it(tmp_path: Path) -> None:
    first, _ = stamp_of(repository(tmp_path), None)
    (tmp_path / "app.py").write_text("print(22)")
    second, changed = stamp_of(tmp_path, first)
    assert changed
    (tmp_path / "new.py").write_text("")
    assert stamp_of(tmp_path, second)[1]


def test_a_commit_changes_the_revision(tmp_path: Path) -> None:
    first, _ = stamp_of(repository(tmp_path), None)
    subprocess.run(["git", "-C", str(tmp_path), "commit", "-q", "--allow-empty", "-m", "second"], check=True)
    second, changed = stamp_of(tmp_path, first)
    assert changed
    assert second.revision != first.revision
    assert len(second.revision) == 40


def test_without_git_the_folder_is_walked(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("print(1)")
    (tmp_path / "target").mkdir()
    first, _ = stamp_of(tmp_path, None)
    assert first.revision == "unknown"
    (tmp_path / "target" / "out").write_text("built")
    assert not stamp_of(tmp_path, first)[1]
    os.utime(tmp_path / "app.py", ns=(1, 1))
    assert stamp_of(tmp_path, first)[1]
