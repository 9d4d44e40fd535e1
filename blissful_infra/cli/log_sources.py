"""The log feeds of a project's stack, on whichever runtime it was last started."""

import difflib
from collections.abc import Sequence
from datetime import datetime, tzinfo

from agent.collectors.log_feeds import ContainerFeed, FileFeed, LogFeed
from blissful_infra.errors import UsageError
from blissful_infra.stacks.docker.engine import connected
from blissful_infra.stacks.planning import Project, saved_plan
from blissful_infra.stacks.runtimes import runtime_of
from blissful_infra.stacks.stack import LogSource

SILENCE_S = 30
"""How long a container may be silent before the stream from the engine is opened anew."""


def sources_of(project: Project, services: Sequence[str] = ()) -> tuple[LogSource, ...]:
    """Where the logs of these services are, or of all. Raises UsageError for a service that the stack does not have."""
    plan = saved_plan(project)
    found = runtime_of(plan.runtime).log_sources(plan)
    known = dict.fromkeys((*plan.names, *(source.service for source in found)))
    for name in services:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            raise UsageError(
                f"the stack has no service {name!r}" + (f"; did you mean {near[0]!r}?" if near else ""),
                hint=f"the services are {', '.join(known)}",
            )
    return tuple(source for source in found if not services or source.service in services)


def feed_of(source: LogSource, zone: tzinfo, *, since: datetime | None = None) -> LogFeed:
    """The feed of one source; times without a zone in files are in `zone`."""
    if source.container is not None:
        return ContainerFeed(source.service, source.container, lambda: connected(timeout_s=SILENCE_S), since=since)
    return FileFeed(source.service, source.files, zone)
