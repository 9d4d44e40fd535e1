"""Every role's molecule scenario: it converges, changes nothing the second time, does its work, and goes again."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.ansible.conftest import BIN, ROOT, Project

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

NEEDS_JAVA = {"kafka"}
ROLES = sorted(folder.parent.name for folder in ROOT.glob("roles/*/molecule"))
ON_A_CLUSTER = {"argocd", "delivery", "previews"}
"""Roles whose scenario is a suite of its own on a real cluster: tests/delivery."""


def test_every_role_has_a_scenario() -> None:
    assert sorted(folder.name for folder in (ROOT / "roles").iterdir() if folder.is_dir()) == sorted(
        {*ROLES, *ON_A_CLUSTER}
    )


@pytest.mark.parametrize(
    "role", [pytest.param(role, marks=[pytest.mark.needs_java] if role in NEEDS_JAVA else []) for role in ROLES]
)
def test_the_scenario_of_a_role_passes_and_leaves_nothing(role: str, tmp_path: Path) -> None:
    project = Project.__new__(Project)
    project.folder, project.plays = tmp_path / "project", []
    try:
        done = subprocess.run(
            [BIN / "molecule", "test"],
            cwd=ROOT / "roles" / role,
            env={
                **os.environ,
                "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
                "MOLECULE_EPHEMERAL_DIRECTORY": str(tmp_path),
                "NO_COLOR": "1",
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=540,
        )
        assert done.returncode == 0, done.stdout
        for step in ("create", "converge", "idempotence", "verify", "destroy"):
            assert f"{step}: Executed: Successful" in done.stdout
        assert not project.folder.exists()
        assert not project.processes()
    finally:
        project.end()
