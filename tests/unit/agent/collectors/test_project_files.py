"""Which files of a folder are read, and what is said of those that are not."""

import subprocess
from pathlib import Path

from agent.collectors.project_files import FileLimits, read_project_files


def test_links_binaries_and_build_output_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("one")
    (tmp_path / "b.bin").write_bytes(b"\0\1")
    (tmp_path / "target").mkdir()
    (tmp_path / "target" / "c.txt").write_text("built")
    (tmp_path / "link.txt").symlink_to("/etc/hostname")
    found = read_project_files(tmp_path)
    assert (dict(found.texts), found.committed, found.gaps) == ({"a.txt": "one"}, None, ())


def test_git_tells_what_is_committed_and_what_is_ignored(tmp_path: Path) -> None:
    for name in ("kept.txt", "new.txt", "ignored.txt"):
        (tmp_path / name).write_text(name)
    (tmp_path / ".gitignore").write_text("ignored.txt\n")
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    subprocess.run(["git", "-C", tmp_path, "add", "kept.txt"], check=True)
    found = read_project_files(tmp_path)
    assert sorted(found.texts) == [".gitignore", "kept.txt", "new.txt"]
    assert found.committed == frozenset({"kept.txt"})


def test_what_is_too_large_or_too_many_is_a_gap(tmp_path: Path) -> None:
    for number in range(5):
        (tmp_path / f"{number}.txt").write_text("x" * 10 * number)
    found = read_project_files(tmp_path, FileLimits(files=3, file_octets=15))
    assert sorted(found.texts) == ["0.txt", "1.txt"]
    assert found.gaps == (
        "2.txt is larger than 0 KiB and was not looked at",
        "2 files were not looked at: there are too many",
    )
