"""What is to be looked at: which environment, when, and which service."""

import difflib
from dataclasses import dataclass
from datetime import datetime, timedelta

from agent.domain import Window
from blissful_infra.delivery.previews.preview import preview_environment
from blissful_infra.errors import UsageError
from blissful_infra.evidence.last_up import last_ups
from blissful_infra.stacks.planning import Project, saved_plan
from blissful_infra.stacks.stack import Kind

LOOK_BACK = timedelta(hours=2)
"""How far back is looked when nobody says; of a local stack not beyond the end of its last good `up`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """`env` is None for the local stack; `services` are those asked for and what they need, all when nobody asked."""

    env: str | None
    window: Window
    services: tuple[str, ...]
    edges: tuple[tuple[str, str], ...]


def request_for(
    project: Project,
    now: datetime,
    *,
    env: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    service: str | None = None,
) -> Request:
    """The request, checked against the project. Raises `UsageError` for a name that it does not have."""
    config = project.settings.config
    if env is not None and env not in config.environments and preview_environment(config, env) is None:
        raise _unknown("environment", env, tuple(config.environments))
    end = until or now
    if since is not None and since > end:
        raise UsageError("--since lies after --until", hint="exchange them, or leave one out")
    plan = saved_plan(project)
    needs = {one.name: one.needs for one in plan.services if one.kind is not Kind.JOB}
    edges = tuple((name, need) for name, needed in needs.items() for need in needed if need in needs)
    wanted = tuple(needs)
    if service is not None:
        if service not in needs:
            raise _unknown("service", service, wanted)
        wanted = tuple(name for name in needs if name in _with_needs(service, edges))
    return Request(env=env, window=Window(since or _start(project, env, end), end), services=wanted, edges=edges)


def _start(project: Project, env: str | None, end: datetime) -> datetime:
    start = end - LOOK_BACK
    runs = last_ups(project.state_dir / "events") if env is None else iter(())
    if (newest := next(runs, None)) is None:
        return start
    good = newest if newest.ok else next((run for run in runs if run.ok), None)
    start = start if good is None else min(max(start, good.ended), end)
    return start if newest.ok else min(start, newest.began)


def _with_needs(service: str, edges: tuple[tuple[str, str], ...]) -> set[str]:
    found = {service}
    while more := {need for name, need in edges if name in found} - found:
        found |= more
    return found


def _unknown(what: str, name: str, known: tuple[str, ...]) -> UsageError:
    near = difflib.get_close_matches(name, known, n=1)
    return UsageError(
        f"the project has no {what} {name!r}" + (f"; did you mean {near[0]!r}?" if near else ""),
        hint=f"there {'is' if len(known) == 1 else 'are'} {', '.join(known)}" if known else f"it declares no {what}",
    )
