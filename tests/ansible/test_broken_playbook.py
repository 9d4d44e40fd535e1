"""What the person reads when Ansible itself refuses a playbook, before any task could fail."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.ansible.conftest import ROOT, Project

pytestmark = pytest.mark.slow

RUN = """
import sys
from pathlib import Path
from blissful_infra.runs.playbook import run_playbook

failure = run_playbook("up", project_file=Path(sys.argv[1])).failure
print(failure.message if failure else "no failure")
"""


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """Packages and playbooks of their own, to be broken."""
    content = tmp_path / "content"
    content.mkdir()
    for name in ("agent", "blissful_infra", "playbooks", "roles"):
        shutil.copytree(ROOT / name, content / name, ignore=shutil.ignore_patterns("__pycache__", "_content"))
    shutil.copy(ROOT / "ansible.cfg", content)
    return content


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("- hosts: local\n  tasks: [\n", 3, "YAML parsing failed"),
        ('- hosts: local\n- hosts: "{{ nowhere_set }}"\n', 2, "'nowhere_set' is undefined"),
        ("- hosts: local\n  roles:\n    - no_such_role\n", 3, "no_such_role"),
    ],
    ids=["syntax", "variable", "role"],
)
def test_a_refused_playbook_is_told_in_ansibles_own_words(
    small: Project, content: Path, text: str, line: int, said: str
) -> None:
    (content / "playbooks" / "up.yml").write_text(text)
    done = subprocess.run(
        [sys.executable, "-c", RUN, str(small.file)],
        cwd=content,
        env={**os.environ, "PYTHONPATH": str(content)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert said in done.stdout
    assert f"playbooks/up.yml:{line}:" in done.stdout
    assert "\x1b" not in done.stdout
    assert "\r" not in done.stdout
