"""Records cases on real local stacks: creates a project, breaks it, keeps its support bundle.

    python -m tests.cases.record_local [CASE...]      (all without a name)

The faults are in `local_faults.py`. Bundle and label are written to `local/<case>` beside this file.
"""

import argparse
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path

import yaml

from tests.acceptance.conftest import prepare
from tests.acceptance.running import Project
from tests.cases.local_faults import FAULTS, Fault

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
            fault.hurt(project)
            project.cli("support-bundle", "--output", str(home / "bundle"))
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
    header = yaml.safe_load((bundle / "bundle.yaml").read_text())
    header |= {"title": fault.title, "alert": fault.alert}
    (bundle / "bundle.yaml").write_text(yaml.safe_dump(header, sort_keys=False))
    label = {"set": "blissful", **fault.label}
    bundle.with_name(f"{name}.expected.yaml").write_text(yaml.safe_dump(label, sort_keys=False))


def main() -> int:
    """Record the cases that the arguments name."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", nargs="*", choices=[*FAULTS, []], help="names of faults (default: all)")
    failed = 0
    for name in parser.parse_args().cases or FAULTS:
        try:
            record(name, FAULTS[name])
            print(f"recorded {name}", flush=True)
        except AssertionError as error:
            failed += 1
            print(f"failed   {name}: {error}", file=sys.stderr, flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
