"""Makes a Postgres data folder: `python -m blissful_infra.stacks.process.postgres_data DATA_DIR SECRETS_FILE`.

The password goes from the secrets file to initdb's standard input: it stands in no argument and in no other file. The
folder appears under its name only when it is whole, so that an interrupted run begins anew.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from blissful_infra.runs.redaction import secrets_in
from blissful_infra.stacks.plan import DATABASE, PASSWORD
from blissful_infra.stacks.process.machine import machine
from blissful_infra.stacks.process.servers import Machine, initdb_command, single_user_command


def make_data(folder: Path, password: str, offer: Machine) -> None:
    """Create the cluster, its user with this password, and the database of the services."""
    unfinished = folder.with_name(f"{folder.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True, mode=0o700)
    if offer.drop_to:
        os.chown(unfinished, *offer.drop_to)
    _run(initdb_command(offer, unfinished), password)
    _run(single_user_command(offer, unfinished), f"CREATE DATABASE {DATABASE}")
    unfinished.rename(folder)


def _run(argv: tuple[str, ...], words: str) -> None:
    done = subprocess.run(argv, input=f"{words}\n", text=True, capture_output=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{Path(argv[-1]).name}: {done.stderr.strip() or done.stdout.strip()}")


def main() -> None:
    """The role's task."""
    folder, secrets_file = Path(sys.argv[1]), Path(sys.argv[2])
    make_data(folder, secrets_in(secrets_file)[PASSWORD], machine())


if __name__ == "__main__":
    main()
