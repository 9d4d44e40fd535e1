"""What to start next, what just became ready, and what has failed: the decisions while a stack comes up. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from blissful_infra.stacks.stack import Health, Kind, ServicePlan, ServiceStatus, StackPlan


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a service and a build may take, in seconds, from their own start."""

    service_s: float = 120.0
    build_s: float = 900.0


@dataclass(frozen=True, slots=True)
class Failed:
    """The service that ends the wait, and why."""

    name: str
    title: str
    why: str


@dataclass(frozen=True, slots=True)
class Step:
    """What one look at the stack leads to."""

    start: tuple[str, ...] = ()
    ready: tuple[str, ...] = ()
    failed: Failed | None = None


@dataclass(slots=True)
class Progress:
    """What happened so far, in seconds since the run began: when each service was started, and when it was ready."""

    started: dict[str, float] = field(default_factory=dict)
    ready: dict[str, float] = field(default_factory=dict)


def step_of(
    plan: StackPlan,
    seen: Sequence[ServiceStatus],
    progress: Progress,
    *,
    now: float,
    due: Collection[str] = (),
    limits: Limits,
) -> Step:
    """Judge one observation. `due` are the jobs that must run although they ended cleanly before."""
    by_name = {status.name: status for status in seen}
    failed = next((f for status in seen if (f := _failure(status, progress, now, limits))), None)
    if failed:
        return Step(failed=failed)
    ready = tuple(
        status.name for status in seen if status.name not in progress.ready and _is_ready(status, progress, due)
    )
    done = {*progress.ready, *ready}
    start = tuple(
        service.name
        for service in plan.services
        if service.name not in done and service.name not in progress.started and _may_start(service, by_name, done)
    )
    return Step(start=start, ready=ready)


def _is_ready(status: ServiceStatus, progress: Progress, due: Collection[str]) -> bool:
    if status.health is Health.FINISHED:
        return status.name not in due or status.name in progress.started
    return status.health is Health.HEALTHY


def _may_start(service: ServicePlan, seen: Mapping[str, ServiceStatus], done: Collection[str]) -> bool:
    status = seen.get(service.name)
    alive = status is not None and status.health in {Health.STARTING, Health.HEALTHY}
    hung = (
        status is not None and status.health is Health.UNHEALTHY and status.exit_code is None and status.pid is not None
    )
    return all(need in done for need in service.needs) and not hung and (not alive or service.kind is Kind.JOB)


def _failure(status: ServiceStatus, progress: Progress, now: float, limits: Limits) -> Failed | None:
    began = progress.started.get(status.name)
    touched = began is not None or status.name in progress.ready or status.container is not None
    ended = status.health in {Health.STOPPED, Health.UNHEALTHY} and status.exit_code is not None
    if touched and (ended or status.health is Health.STOPPED):
        return Failed(status.name, status.title, status.detail or "ended")
    if status.name in progress.ready or status.health in {Health.HEALTHY, Health.FINISHED}:
        return None
    limit = limits.build_s if status.kind == Kind.JOB else limits.service_s
    if now - (began or 0.0) > limit and (touched or status.pid is not None):
        reason = f": {status.detail}" if status.detail else ""
        return Failed(status.name, status.title, f"not ready within {limit:g} s{reason}")
    return None


def critical_path(plan: StackPlan, ready: Mapping[str, float]) -> tuple[str, ...]:
    """The chain of services that decided how long it took: the last one ready, and what each had to wait for most."""
    if not ready:
        return ()
    by_name = {service.name: service for service in plan.services}
    name = max(ready, key=lambda each: ready[each])
    path = [name]
    while name in by_name and (needs := [need for need in by_name[name].needs if ready.get(need, 0.0) > 0.0]):
        name = max(needs, key=lambda need: ready[need])
        path.append(name)
    return tuple(reversed(path))
