"""Watches a project's containers while Compose starts them, until all are healthy or one has failed.

Compose starts everything in the order of its needs and tells nothing until it is done. What is seen of the containers
meanwhile makes the progress, and ends the wait at once.
"""

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, Literal

from blissful_infra.stacks.docker.runtime import DockerRuntime
from blissful_infra.stacks.failing import ServiceFailedError, failure_of
from blissful_infra.stacks.stack import Health, Kind, ServiceStatus, StackPlan
from blissful_infra.stacks.waiting import Failed, Limits, Progress, step_of

POLL_S = 0.1

Tell = Callable[[Mapping[str, Any]], None]


class Watch:
    """Follows one `up`; whoever runs Compose says by `compose_ended` how that went, and ends the watch by `abandoned`.

    `due` are the services that Compose is about to create or start: what is left of them from before is no failure.
    """

    def __init__(self, plan: StackPlan, tell: Tell, *, began: float, due: Collection[str], limits: Limits) -> None:
        self.compose_ended: Literal["", "well", "badly"] = "" if due else "well"
        self.abandoned = False
        self.error: ServiceFailedError | None = None
        self.services: tuple[ServiceStatus, ...] = ()
        self.progress = Progress()
        self._plan = plan
        self._tell = tell
        self._began = began
        self._limits = limits
        self._due = frozenset(due)
        self._left: Mapping[str, ServiceStatus] | None = None
        self._runtime = DockerRuntime()

    def run(self) -> None:
        """Return when every service is healthy and every job is done, when one failed (`error`), or when abandoned."""
        while not self.abandoned and not self._is_settled():
            time.sleep(POLL_S)

    def _is_settled(self) -> bool:
        compose_ended = self.compose_ended
        now = time.time() - self._began
        self.services = self._runtime.observe(self._plan)
        if self._left is None:
            self._left = {status.name: status for status in self.services if status.exit_code is not None}
        touched = self._due
        if compose_ended != "well":
            touched = touched_by_compose(self.services, self._due, self._left, now, ended=bool(compose_ended))
        for name in touched:
            self.progress.started.setdefault(name, now)
        judged = [s for s in self.services if s.name not in self._due or s.name in self.progress.started]
        step = step_of(self._plan, judged, self.progress, now=now, limits=self._limits)
        if failed := given_up(judged) or step.failed:
            self.error = self._failure(failed)
            return True
        for name in step.ready:
            self._became_ready(name, now)
        return compose_ended == "well" and all(status.name in self.progress.ready for status in self.services)

    def _failure(self, failed: Failed) -> ServiceFailedError:
        others = [status.name for status in self.services if status.uptime_s is not None and status.name != failed.name]
        return failure_of(self._plan, failed, self._runtime.last_lines(self._plan, failed.name), others)

    def _became_ready(self, name: str, now: float) -> None:
        already = name not in self._due
        status = next(status for status in self.services if status.name == name)
        state = "running" if already else "done" if status.kind == Kind.JOB else "ready"
        after = self.progress.ready[name] = 0.0 if already else round(now, 2)
        if not (already and status.kind == Kind.JOB):
            self._tell({"service": name, "title": status.title, "state": state, "after_s": after, "url": status.url})


def touched_by_compose(
    seen: Sequence[ServiceStatus],
    due: Collection[str],
    left: Mapping[str, ServiceStatus],
    elapsed_s: float,
    *,
    ended: bool,
) -> frozenset[str]:
    """The due services that Compose has come to: started since the run began or, once it has `ended`, ended since.

    `left` are those whose container had ended before; a container that still says the same is left from then.
    """
    started = {s.name for s in seen if s.uptime_s is not None and s.uptime_s <= elapsed_s}
    failed = {s.name for s in seen if ended and s.exit_code is not None and s != left.get(s.name)}
    return frozenset((started | failed) & set(due))


def given_up(seen: Sequence[ServiceStatus]) -> Failed | None:
    """The service that Docker itself has given up on: unhealthy after its retries, or not startable."""
    for status in seen:
        if status.health is Health.UNHEALTHY:
            return Failed(status.name, status.title, status.detail or "is unhealthy")
    return None
