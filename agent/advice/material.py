"""What the rules look at: a project's files, parsed once, what is remembered, and what the logs repeat."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from agent.advice.dockerfile import Stage, last_stage, stages_of
from agent.advice.settings import SettingsFile, is_settings, settings_of
from agent.advice.workloads import Manifest, Workload, labels_added, workload_of
from agent.advice.yaml_nodes import Node, documents_of
from agent.domain.incident import Incident, SuccessRate
from agent.domain.project_files import ProjectFiles
from agent.domain.severity import Severity
from agent.domain.suggestion import Shown
from agent.normalize.redaction import redacted

PROJECT_FILE = "blissful-infra.yaml"
_LONGEST_QUOTE = 200
_COMPOSE = re.compile(r"(?:^|/)(?:docker-)?compose(?:[.-][\w-]+)?\.ya?ml\Z")
_DOCKERFILE = re.compile(r"(?:^|/)(?:Dockerfile|Containerfile)(?:\.[\w-]+)?\Z|\.[Dd]ockerfile\Z")
_SAMPLES = re.compile(r"(?:^|/)(?:tests?|testdata|examples?|samples?|fixtures?|molecule|vendor|node_modules)/")


@dataclass(frozen=True, slots=True)
class Remembered:
    """What the knowledge base holds: incidents, newest first, and how often fixes helped against their patterns."""

    incidents: tuple[Incident, ...] = ()
    rates: tuple[SuccessRate, ...] = ()


@dataclass(frozen=True, slots=True)
class Warned:
    """Log lines of one template and service, as bad as a warning or worse."""

    subject: str
    severity: Severity
    template: str
    count: int
    first_at: datetime
    last_at: datetime
    example: Shown


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed YAML document and its file."""

    path: str
    node: Node


@dataclass(frozen=True, slots=True)
class Image:
    """A Dockerfile."""

    path: str
    stages: tuple[Stage, ...]

    @property
    def last(self) -> Stage:
        """The stage that becomes the image."""
        return self.stages[-1]


@dataclass(slots=True)
class Material:
    """All that the rules look at."""

    files: ProjectFiles
    composes: list[Document] = field(default_factory=list)
    dockerfiles: list[Image] = field(default_factory=list)
    manifests: list[Manifest] = field(default_factory=list)
    workloads: list[Workload] = field(default_factory=list)
    settings: list[SettingsFile] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)
    project: Document | None = None
    remembered: Remembered = Remembered()
    warned: tuple[Warned, ...] = ()
    gaps: list[str] = field(default_factory=list)

    def shown(self, path: str, line: int) -> Shown:
        """The line of a file, redacted, as a suggestion shows it; the nearest that says something above it if empty."""
        lines = self.files.texts[path].splitlines()
        place = min(max(line, 1), len(lines))
        while place > 1 and not lines[place - 1].strip():
            place -= 1
        text = redacted(lines[place - 1].strip()) if lines else ""
        return Shown(path, place, text[:_LONGEST_QUOTE] or "(empty)")

    def of(self, *endings: str) -> Iterable[tuple[str, str]]:
        """The files with one of these endings that are no samples, by path."""
        return (
            (path, text) for path, text in self.files.texts.items() if path.endswith(endings) and not is_sample(path)
        )


def is_sample(path: str) -> bool:
    """Whether the file belongs to tests or examples, whose habits are no advice's business."""
    return bool(_SAMPLES.search(path))


def material_of(files: ProjectFiles, remembered: Remembered, warned: tuple[Warned, ...]) -> Material:
    """The files parsed; what cannot be parsed is a gap, not an error."""
    material = Material(files, remembered=remembered, warned=warned, gaps=list(files.gaps))
    for path, text in files.texts.items():
        if is_sample(path):
            continue
        if _DOCKERFILE.search(path):
            if last_stage(text) is not None:
                material.dockerfiles.append(Image(path, stages_of(text)))
        elif path.endswith((".yaml", ".yml")):
            _parsed(material, path, partial(_take_yaml, material, path, text))
        if is_settings(path):
            _parsed(material, path, partial(_take_settings, material, path, text))
    added = labels_added(material.manifests)
    material.workloads += [workload for one in material.manifests if (workload := workload_of(one, added))]
    return material


def _parsed(material: Material, path: str, act: Callable[[], None]) -> None:
    try:
        act()
    except ValueError as error:
        material.gaps.append(f"{path} is no plain YAML ({error}) and was not looked at")


def _take_yaml(material: Material, path: str, text: str) -> None:
    for node in documents_of(text):
        document = Document(path, node)
        material.documents.append(document)
        if path == PROJECT_FILE:
            material.project = document
        elif _COMPOSE.search(path) and node.items("services"):
            material.composes.append(document)
        elif node.text("apiVersion") and node.text("kind"):
            material.manifests.append(Manifest(path, node))


def _take_settings(material: Material, path: str, text: str) -> None:
    material.settings.append(settings_of(path, text))


def folder_of(path: str) -> str:
    """The folder of a path, `.` for the top one."""
    return path.rpartition("/")[0] or "."
