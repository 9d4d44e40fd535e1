"""What every `fix` command works with: the project, its repository, its memory, and the journal of attempts."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from blissful_infra.cli.output import say
from blissful_infra.fixing.attempts import Attempts, FixBusyError
from blissful_infra.fixing.errors import NoRepositoryError
from blissful_infra.fixing.mending import mend
from blissful_infra.fixing.repository import Repository
from blissful_infra.fixing.suggesting import Drafting, Suggested, incident_in, suggested
from blissful_infra.settings.reading import find_project
from blissful_infra.stacks.planning import Project, read_project

if TYPE_CHECKING:
    from agent.domain.incident import Incident
    from agent.fixes.verifying import LookedAgain
    from agent.ports import KnowledgeBase


@dataclass(frozen=True, slots=True)
class FixSession:
    """One command's view; `repository` is None where the project is in none, and `why_no_diffs` says so."""

    project: Project
    repository: Repository | None
    why_no_diffs: str
    attempts: Attempts
    knowledge: "KnowledgeBase"

    @property
    def services(self) -> tuple[str, ...]:
        """The services of the local stack that a playbook can act on."""
        return services_of(self.project)

    def suggested(self, incident: str | None, drafting: Drafting | None = None) -> Suggested:
        """The fixes for the incident of this id, or for the open one seen last."""
        return self.suggested_for(incident_in(self.knowledge, incident), drafting)

    def suggested_for(self, incident: "Incident", drafting: Drafting | None = None) -> Suggested:
        """The fixes for an incident."""
        return suggested(incident, self.knowledge, self.repository, services=self.services, drafting=drafting)

    def required_repository(self) -> Repository:
        """The repository. Raises `NoRepositoryError` where there is none."""
        return self.repository or Repository(self.project.folder)

    def look(self, since: datetime) -> "LookedAgain":
        """Collect again what happened since then, or since the last good `up` if that came later; reason over it."""
        from agent.diagnosing import diagnosis_of, shipped_calibration
        from agent.fixes.verifying import LookedAgain
        from blissful_infra.evidence.last_up import last_up
        from blissful_infra.evidence.live import live_evidence

        now = datetime.now(UTC)
        project = read_project(self.project.settings.project_file)
        run = last_up(project.state_dir / "events")
        start = max(since, run.ended) if run and run.ok else since
        seen = live_evidence(project, now, since=min(start, now)).investigation
        runs = bool(
            seen.services or seen.kubernetes or seen.series or seen.spans or any(log.lines for log in seen.logs)
        )
        return LookedAgain(diagnosis_of(seen, shipped_calibration()), runs)


def services_of(project: Project) -> tuple[str, ...]:
    """The services of a project's local stack, by name."""
    config = project.settings.config
    return (*config.backing.enabled(), *config.services)


@contextmanager
def fix_session(*, changing: bool) -> Iterator[FixSession]:
    """Open all of it; what a killed `fix apply` left is told and mended, unless somebody is still at it.

    `changing` keeps other commands from applying fixes meanwhile. Raises `FixBusyError`.
    """
    from blissful_infra.remembering import open_knowledge

    project = read_project(find_project(Path.cwd()))
    attempts = Attempts(project.state_dir)
    try:
        repository, why = Repository(project.folder), ""
    except NoRepositoryError as error:
        repository, why = None, error.message
    with ExitStack() as held:
        try:
            held.enter_context(attempts.alone())
        except FixBusyError:
            if changing:
                raise
        else:
            for line in mend(repository, attempts):
                say(line, style="yellow")
            if not changing:
                held.close()
        knowledge = held.enter_context(open_knowledge(project.settings))
        yield FixSession(project, repository, why, attempts, knowledge)


def report_of(incident: "Incident") -> Mapping[str, object]:
    """An incident's report; empty where it cannot be read."""
    import json

    try:
        report = json.loads(incident.report)
    except (ValueError, RecursionError):
        return {}
    return report if isinstance(report, dict) else {}
