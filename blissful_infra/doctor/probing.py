"""Asks the tools of this machine for their versions, all at once."""

import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from blissful_infra.doctor.check import Check, Status
from blissful_infra.doctor.tools import TOOLS, Tool, judged
from blissful_infra.stacks.process.machine import search_path

ANSWER_WITHIN_S = 10


def package_manager() -> str | None:
    """The package manager whose commands a person here can type."""
    if sys.platform == "darwin":
        return "brew"
    return "apt" if shutil.which("apt-get") else None


def tool_checks(needs: Mapping[str, str]) -> Iterator[Check]:
    """One check a tool, and one for each program that the project names and the table does not know."""
    manager = package_manager()
    with ThreadPoolExecutor(len(TOOLS)) as pool:
        answers = pool.map(_answer_of, TOOLS)
        for tool, answer in zip(TOOLS, answers, strict=True):
            yield judged(tool, answer, manager, needs.get(tool.name))
    known = {tool.name for tool in TOOLS} | {"docker"}
    for program, why in needs.items():
        if program not in known:
            yield program_check(program, why)


def program_check(program: str, why: str) -> Check:
    """Whether a program that the project's file names is on PATH."""
    found = shutil.which(program, path=search_path())
    return Check(
        name=program,
        title=program,
        status=Status.OK if found else Status.MISSING,
        message=found or "not found on PATH",
        needed_for="building or running this project",
        required=why,
        fix=None if found else f"install {program}, or change the command in blissful-infra.yaml",
    )


def python_checks() -> Iterator[Check]:
    """The Python that runs this program, and the Ansible installed beside it."""
    yield Check(
        "python", "Python", Status.OK, platform.python_version(), "blissful-infra itself", platform.python_version()
    )
    link, needed_for = "https://docs.ansible.com/ansible/latest/installation_guide/", "up, down and every playbook"
    fix = "reinstall blissful-infra: `uv tool install --force blissful-infra`"
    try:
        found = version("ansible-core")
    except PackageNotFoundError:
        yield Check("ansible", "Ansible", Status.MISSING, "not installed", needed_for, None, needed_for, fix, link)
        return
    if (Path(sys.executable).parent / "ansible-playbook").is_file():
        yield Check("ansible", "Ansible", Status.OK, found, needed_for, found, needed_for, None, link)
    else:
        why = f"ansible-playbook is not beside {sys.executable}"
        yield Check("ansible", "Ansible", Status.MISSING, why, needed_for, found, needed_for, fix, link)


def docker_check(reason: str | None, needs: Mapping[str, str]) -> Check:
    """The engine: `reason` says why it cannot be used, or None."""
    link, needed_for = "https://docs.docker.com/engine/install/", "the docker runtime"
    required = needs.get("docker")
    if reason is None:
        found = _engine_version()
        return Check("docker", "Docker engine", Status.OK, found or "answers", needed_for, found, required, None, link)
    installed = shutil.which("docker") is not None
    start = "open -a Docker" if sys.platform == "darwin" else "sudo systemctl start docker"
    install = {"apt": "sudo apt-get install -y docker.io", "brew": "brew install --cask docker"}.get(
        package_manager() or ""
    )
    fix = start if installed else install or f"see {link}"
    return Check("docker", "Docker engine", Status.MISSING, reason, needed_for, None, required, fix, link)


def _engine_version() -> str | None:
    answer = _printed(("docker", "version", "--format", "{{.Server.Version}}"))
    return answer.strip() if answer else None


def _answer_of(tool: Tool) -> str | None:
    program, *rest = tool.argv
    home = os.environ.get("JAVA_HOME")
    if home and program in {"java", "javac"} and (Path(home) / "bin" / program).is_file():
        program = str(Path(home) / "bin" / program)
    return _printed((program, *rest))


def _printed(argv: tuple[str, ...]) -> str | None:
    try:
        done = subprocess.run(
            argv, capture_output=True, text=True, errors="replace", check=False, timeout=ANSWER_WITHIN_S
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return f"{done.stdout}\n{done.stderr}" if done.returncode == 0 else None
