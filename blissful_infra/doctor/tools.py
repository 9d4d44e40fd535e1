"""The tools a project may use: how each tells its version, the least that will do, and how it is installed. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from blissful_infra.doctor.check import Check, Status


@dataclass(frozen=True, slots=True)
class Tool:
    """A program. `install` maps a package manager (apt, brew) to the command that installs it."""

    name: str
    title: str
    argv: tuple[str, ...]
    needed_for: str
    link: str
    install: Mapping[str, str] = field(default_factory=dict)
    at_least: tuple[int, ...] = ()


def _apt(packages: str) -> str:
    return f"sudo apt-get install -y {packages}"


TOOLS: tuple[Tool, ...] = (
    Tool(
        "compose",
        "Docker Compose v2",
        ("docker", "compose", "version", "--short"),
        "the docker runtime",
        "https://docs.docker.com/compose/install/",
        {"apt": _apt("docker-compose-plugin"), "brew": "brew install docker-compose"},
        (2,),
    ),
    Tool(
        "buildx",
        "Docker buildx",
        ("docker", "buildx", "version"),
        "building images",
        "https://docs.docker.com/build/install-buildx/",
        {"apt": _apt("docker-buildx-plugin"), "brew": "brew install docker-buildx"},
    ),
    Tool(
        "git",
        "Git",
        ("git", "--version"),
        "recent changes in the agent's answers, the revision of a build",
        "https://git-scm.com/downloads",
        {"apt": _apt("git"), "brew": "brew install git"},
        (2, 20),
    ),
    Tool(
        "java",
        "Java",
        ("java", "-version"),
        "running spring-boot services, and Kafka in the process runtime",
        "https://adoptium.net/temurin/releases/",
        {"apt": _apt("openjdk-17-jre-headless"), "brew": "brew install openjdk@17"},
        (17,),
    ),
    Tool(
        "javac",
        "JDK",
        ("javac", "-version"),
        "building spring-boot services",
        "https://adoptium.net/temurin/releases/",
        {"apt": _apt("openjdk-17-jdk-headless"), "brew": "brew install openjdk@17"},
        (17,),
    ),
    Tool(
        "mvn",
        "Maven",
        ("mvn", "--version"),
        "spring-boot projects, and fetching Kafka for the process runtime",
        "https://maven.apache.org/install.html",
        {"apt": _apt("maven"), "brew": "brew install maven"},
        (3, 6, 3),
    ),
    Tool(
        "k6",
        "k6",
        ("k6", "version"),
        "load tests",
        "https://grafana.com/docs/k6/latest/set-up/install-k6/",
        {"brew": "brew install k6"},
        (1,),
    ),
    Tool(
        "kubectl",
        "kubectl",
        ("kubectl", "version", "--client"),
        "deploying to a cluster",
        "https://kubernetes.io/docs/tasks/tools/",
        {"brew": "brew install kubernetes-cli"},
        (1, 28),
    ),
    Tool(
        "node",
        "Node.js",
        ("node", "--version"),
        "working on the dashboard's source",
        "https://nodejs.org/en/download",
        {"apt": _apt("nodejs npm"), "brew": "brew install node"},
        (18,),
    ),
    Tool(
        "go",
        "Go",
        ("go", "version"),
        "building k6 extensions and test clusters",
        "https://go.dev/doc/install",
        {"apt": _apt("golang-go"), "brew": "brew install go"},
        (1, 22),
    ),
)


def version_in(text: str) -> str | None:
    """The first version number in a tool's own words.

    >>> version_in("git version 2.39.5"), version_in("javac 17.0.12"), version_in("v24.1.0")
    ('2.39.5', '17.0.12', '24.1.0')
    """
    found = re.search(r"(?<![\d.])v?(\d+(?:\.\d+){1,3})", text) or re.search(r"\b(\d+)\b", text)
    return found.group(1) if found else None


def is_at_least(version: str, wanted: Sequence[int]) -> bool:
    """Whether a version is the wanted one or newer.

    >>> is_at_least("17.0.12", (17,)), is_at_least("1.9", (1, 22)), is_at_least("3.8", (3, 6, 3))
    (True, False, True)
    """
    return [int(part) for part in version.split(".")] >= list(wanted)


def judged(tool: Tool, answer: str | None, manager: str | None, required: str | None) -> Check:
    """The check of a tool from what it printed; None when it could not be run."""
    fix: str | None = tool.install.get(manager or "") or f"see {tool.link}"
    version = version_in(answer) if answer else None
    if answer is None:
        status, message = (Status.MISSING, "not found")
    elif version is None:
        status, message, fix = (Status.WARN, "answers, but does not tell its version", None)
    elif not is_at_least(version, tool.at_least):
        status = Status.MISSING if required else Status.WARN
        message = f"{version} is too old; {'.'.join(map(str, tool.at_least))} or newer is needed"
    else:
        status, message, fix = (Status.OK, version, None)
    return Check(tool.name, tool.title, status, message, tool.needed_for, version, required, fix, tool.link)
