"""What `analyze` looks at: a bundle, or the live project; and the diagnosis of it."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from agent.collectors.bundle import read_bundle
from agent.diagnosing import diagnosis_of, shipped_calibration
from agent.domain.diagnosis import Diagnosis
from agent.domain.gathered import Gathered
from agent.domain.incident import Incident
from agent.domain.investigation import Investigation
from agent.errors import BlissfulError
from agent.recalling import Remembered, remembered, without_memory
from blissful_infra.cli.knowing import known_patterns
from blissful_infra.cli.when import moment
from blissful_infra.errors import UsageError
from blissful_infra.evidence.live import live_evidence
from blissful_infra.evidence.secrets import secrets_of
from blissful_infra.remembering import open_knowledge
from blissful_infra.settings.reading import find_project
from blissful_infra.stacks.planning import Project, read_project


@dataclass(frozen=True, slots=True)
class Analysis:
    """A diagnosis with what it rests on; `gathered` is empty and `project` None for a bundle.

    `incident` is what the diagnosis was recorded as; a bundle needs no project, so nothing is recorded of one.
    """

    diagnosis: Diagnosis
    investigation: Investigation
    gathered: tuple[Gathered, ...] = ()
    project: Project | None = None
    incident: Incident | None = None


@contextmanager
def _without_cycle_search() -> Iterator[None]:
    """Python looks for unused cycles as objects come; evidence is a million objects that are all in use."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@_without_cycle_search()
def analysis_of(
    bundle: Path | None,
    *,
    env: str | None,
    since: str | None,
    until: str | None,
    service: str | None,
    record: bool = True,
) -> Analysis:
    """The analysis of the bundle, or of the project around the present folder; that is recorded, unless told not to."""
    if bundle is not None:
        if env or since or until or service:
            raise UsageError("--bundle leaves no choice of --env, --since, --until or --service", hint="leave them out")
        investigation = read_bundle(bundle)
        return Analysis(diagnosis_of(investigation, shipped_calibration()), investigation)
    now = datetime.now(UTC)
    project = read_project(find_project(Path.cwd()))
    patterns = known_patterns(project).team
    live = live_evidence(
        project,
        now,
        env=env,
        since=moment(since, option="--since", now=now) if since else None,
        until=moment(until, option="--until", now=now) if until else None,
        service=service,
    )
    diagnosis = diagnosis_of(live.investigation, shipped_calibration(), patterns)
    recalled = _recalled(diagnosis, project, now, record)
    return Analysis(recalled.diagnosis, live.investigation, live.gathered, project, recalled.incident)


def _recalled(diagnosis: Diagnosis, project: Project, now: datetime, record: bool) -> Remembered:
    """The diagnosis with what memory adds; an unusable knowledge base costs what it knows, not the diagnosis."""
    try:
        with open_knowledge(project.settings) as base:
            name = project.settings.config.name
            return remembered(diagnosis, base, now, project=name, secrets=secrets_of(project), record=record)
    except BlissfulError as error:
        return Remembered(without_memory(diagnosis, error), None)
