"""A project's evidence as it is now: gathered, secrets taken out, and read as a bundle is."""

from datetime import datetime

from agent.gathering import LiveEvidence, evidence_of, gather
from blissful_infra.evidence.request import request_for
from blissful_infra.evidence.secrets import secrets_of
from blissful_infra.evidence.sources import sources_of
from blissful_infra.stacks.planning import Project


def live_evidence(
    project: Project,
    now: datetime,
    *,
    env: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    service: str | None = None,
) -> LiveEvidence:
    """What the project's sources gave. Raises `UsageError` for an environment or a service that it does not have."""
    request = request_for(project, now, env=env, since=since, until=until, service=service)
    gathered = gather(sources_of(project, request), request.window, secrets=secrets_of(project))
    name = project.settings.config.name + (f" in {env}" if env else "")
    return evidence_of(gathered, request.window, project=name, edges=request.edges)
