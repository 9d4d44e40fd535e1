"""Looking at one project for suggestions, keeping the daily result, and taking the team's word on one."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from agent.advice import Ranked, Remembered
from agent.collectors.project_files import read_project_files
from agent.domain import Bound
from agent.domain.suggestion import Feedback, Verdict
from agent.errors import KnowledgeError
from agent.pipeline import window_until
from agent.suggesting import Advised, advise, remembered_of
from blissful_infra.cli.agent_sources import logs_of
from blissful_infra.errors import UsageError
from blissful_infra.evidence.secrets import secrets_of
from blissful_infra.remembering import open_knowledge
from blissful_infra.stacks.planning import Project
from blissful_infra.stacks.state.files import read_json, write_json

KEPT = "suggestions.json"


def look(project: Project) -> Advised:
    """What the project's files, memory and logs of the last days suggest now; it works without the memory too."""
    logs = logs_of(project).collect(window_until(datetime.now(UTC)), Bound())
    remembered: Remembered | str
    feedback: tuple[Feedback, ...] = ()
    try:
        with open_knowledge(project.settings) as base:
            remembered, feedback = remembered_of(base), base.suggestions.feedback()
    except KnowledgeError as error:
        remembered = error.message
    name, secrets = project.settings.config.name, secrets_of(project)
    return advise(read_project_files(project.folder), remembered, logs, feedback, project=name, secrets=secrets)


def keep_daily(project: Project, document: dict[str, Any], shown: Sequence[Ranked]) -> tuple[Ranked, ...]:
    """Write the result for the dashboard; gives what the last one did not have."""
    path = project.state_dir / KEPT
    before = read_json(path).get("suggestions")
    known = {one.get("id") for one in before if isinstance(one, dict)} if isinstance(before, list) else set()
    write_json(path, document)
    return tuple(place for place in shown if place.suggestion.id not in known)


def answer(project: Project, suggestion_id: str, verdict: str, reason: str) -> str:
    """Remember the team's word; what is said of it. Raises UsageError where the id names no suggestion, or several."""
    wanted = suggestion_id.strip().lower()
    found = [one.suggestion for one in look(project).places if wanted and one.suggestion.id.startswith(wanted)]
    if len(found) != 1:
        what = "fits several suggestions" if found else "is no suggestion of this project"
        raise UsageError(f"{suggestion_id!r} {what}", hint="`blissful-infra suggest --all` lists them with their ids")
    [suggestion] = found
    said = Feedback(
        project=project.settings.config.name,
        suggestion_id=suggestion.id,
        rule=suggestion.rule,
        verdict=Verdict(verdict),
        reason=reason,
        at=datetime.now(UTC),
    )
    with open_knowledge(project.settings) as base:
        base.suggestions.add_feedback(said)
    return f"{verdict}: {suggestion.title} ({suggestion.id})"
