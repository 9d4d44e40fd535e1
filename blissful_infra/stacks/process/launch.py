"""Becomes one program of the process runtime: `python -I launch.py PROGRAMS_JSON NAME`.

Started by supervisord, it reads the program's command from the JSON file, puts the named secrets into the environment
(so that they stand in no configuration file and no command line), asks the kernel to end the program when supervisord
dies (Linux), and is replaced by the program. Standard library only: it runs isolated, before every service.
"""

import ctypes
import json
import os
import sys
from pathlib import Path

PR_SET_PDEATHSIG = 1
NOT_FOUND = 127


def environment_of(program: dict[str, object], secrets_text: str, inherited: dict[str, str]) -> dict[str, str]:
    """The program's variables: the inherited ones, its own, and the secrets it is given."""
    lines = (line.split("=", 1) for line in secrets_text.splitlines() if "=" in line and not line.startswith("#"))
    known = {name.strip(): value.strip() for name, value in lines}
    wanted: list[str] = list(program["secrets"])  # type: ignore[call-overload]
    own: dict[str, str] = dict(program["environment"])  # type: ignore[call-overload]
    return {**inherited, **own, **{name: known[name] for name in wanted if name in known}}


def main() -> None:
    """Replace this process by the program."""
    programs, name = sys.argv[1:3]
    program = json.loads(Path(programs).read_text(encoding="utf-8"))[name]
    secrets_file = Path(program["secrets_file"])
    secrets_text = secrets_file.read_text(encoding="utf-8") if program["secrets"] and secrets_file.exists() else ""
    environment = environment_of(program, secrets_text, dict(os.environ))
    argv = program["argv"]
    supervisor = os.getppid()
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, program["death_signal"], 0, 0, 0)
        if os.getppid() != supervisor:
            sys.exit(NOT_FOUND)
    try:
        os.chdir(program["directory"])
        os.execvpe(argv[0], argv, environment)  # noqa: S606 - argument list, no shell
    except OSError as error:
        sys.stderr.write(f"cannot start {argv[0]} in {program['directory']}: {error.strerror}\n")
        sys.exit(NOT_FOUND)


if __name__ == "__main__":
    main()
