"""Records cases on real local stacks: creates a project, breaks it, keeps its support bundle.

    python -m tests.cases.record_local [CASE...]      (all without a name)

The faults are in `local_faults.py`. Bundle and label are written to `local/<case>` beside this file.
"""

import json
import os
import shutil
import sys
import tempfile
from pathlib import Path

from tests.acceptance.conftest import prepare
from tests.acceptance.running import Project
from tests.cases.local_faults import FAULTS, Fault
from tests.cases.recording import label, record_those_named

CASES = Path(__file__).parent / "local"


def record(name: str, fault: Fault) -> None:
    """Make one fault and write its case; the stack is gone afterwards, whatever happened."""
    with tempfile.TemporaryDirectory() as scratch:
        home = Path(scratch)
        environ = {
            **os.environ,
            "XDG_STATE_HOME": str(home / "state"),
            "XDG_CONFIG_HOME": str(home / "config"),
            "NO_COLOR": "1",
        }
        project = Project(home / "shop", fault.combination, environ)
        flags = fault.combination.flags
        Project(home, fault.combination, environ).cli(
            "create", "shop", "--template", fault.combination.template, *flags, "--no-input"
        )
        prepare(project.folder, fault.combination)
        try:
            fault.prepare(project)
            up = project.cli("up", "--runtime", "process", check=False)
            if "took the port meanwhile" in up.stderr:
                up = project.cli("up", "--runtime", "process", check=False)
            assert (up.returncode == 0) == fault.starts, f"{name}: `up` ended with {up.returncode}: {up.stderr}"
            try:
                fault.hurt(project)
                project.cli("support-bundle", "--output", str(home / "bundle"))
            finally:
                fault.undo(project)
        finally:
            project.cli("down", "--volumes", "--yes", check=False)
        keep(home, name, fault)


def keep(home: Path, name: str, fault: Fault) -> None:
    """The bundle with its question, without the folder it was made in; and its label."""
    bundle = CASES / name
    shutil.rmtree(bundle, ignore_errors=True)
    shutil.copytree(home / "bundle", bundle)
    for file in bundle.rglob("*"):
        if file.is_file():
            file.write_text(file.read_text(errors="replace").replace(str(home), "/home/sam"))
    first = json.loads((bundle / "git/commits.jsonl").read_text().splitlines()[0])["sha"]
    (bundle / f"git/diffs/{first}.diff").unlink(missing_ok=True)  # the whole project, as the template made it
    label(bundle, fault.title, fault.alert, fault.label)


if __name__ == "__main__":
    sys.exit(record_those_named(__doc__, FAULTS, record))
