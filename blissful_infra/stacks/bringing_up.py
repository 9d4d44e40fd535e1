"""Brings a prepared stack up: starts each service once what it needs is ready, and waits until all are healthy."""

import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from blissful_infra.stacks.failing import failure_of
from blissful_infra.stacks.plan import BUILD_SUFFIX, BuildStamp
from blissful_infra.stacks.process.runtime import supervisor_of, write_programs
from blissful_infra.stacks.runtimes import Runtime, runtime_of
from blissful_infra.stacks.stack import Kind, ServiceStatus, StackPlan, title_of
from blissful_infra.stacks.state.journal import Journal
from blissful_infra.stacks.state.stack_file import read_stack, write_stack
from blissful_infra.stacks.waiting import Limits, Progress, critical_path, step_of

POLL_S = 0.1

Tell = Callable[[Mapping[str, Any]], None]


@dataclass(frozen=True, slots=True)
class BroughtUp:
    """What came of it: what was started, when each was ready (seconds since the run began), what decided the time."""

    started: tuple[str, ...]
    ready: Mapping[str, float]
    critical_path: tuple[str, ...]
    services: tuple[ServiceStatus, ...]


def bring_up(
    plan: StackPlan,
    tell: Tell,
    *,
    began: float,
    due: Collection[str] = (),
    stamps: Mapping[str, BuildStamp] | None = None,
    limits: Limits,
) -> BroughtUp:
    """Start and wait. Raises ServiceFailedError for the first service that dies or is not ready in time."""
    runtime = runtime_of(plan.runtime)
    if plan.runtime == "process":
        write_programs(plan)
        supervisor_of(plan).ensure()
    journal = Journal(plan.state_dir)
    progress = Progress()
    if plan.runtime == "docker":
        progress.started = dict.fromkeys(plan.names, 0.0)
    while True:
        seen = runtime.observe(plan)
        now = time.time() - began
        step = step_of(plan, seen, progress, now=now, due=due, limits=limits)
        if step.failed:
            running = [status.name for status in seen if status.pid and status.name != step.failed.name]
            raise failure_of(plan, step.failed, runtime.last_lines(plan, step.failed.name), running)
        for name in step.ready:
            _became_ready(plan, name, progress, now, tell, stamps or {})
        if step.start:
            _start(runtime, journal, plan, step.start, progress, now)
            continue
        if all(name in progress.ready for name in (*plan.names, *(status.name for status in seen))):
            return BroughtUp(
                started=tuple(progress.started),
                ready=dict(progress.ready),
                critical_path=critical_path(plan, progress.ready),
                services=seen,
            )
        time.sleep(POLL_S)


def _start(
    runtime: Runtime, journal: Journal, plan: StackPlan, names: tuple[str, ...], progress: Progress, now: float
) -> None:
    for name in names:
        journal.about_to("start", service=name)
        progress.started[name] = now
    runtime.start(plan, names)
    stack = read_stack(plan.state_dir)
    if stack:
        write_stack(plan.state_dir, stack.with_starts(names))


def _became_ready(
    plan: StackPlan, name: str, progress: Progress, now: float, tell: Tell, stamps: Mapping[str, BuildStamp]
) -> None:
    already = name not in progress.started
    progress.ready[name] = 0.0 if already else round(now, 2)
    if name not in plan.names:
        return
    service = plan.service(name)
    if service.kind is Kind.JOB and already:
        return
    if service.kind is Kind.JOB:
        built = name.removesuffix(BUILD_SUFFIX)
        _remember_build(plan, built, stamps)
        tell({"service": built, "title": title_of(built), "state": "built", "after_s": round(now, 2), "url": None})
        return
    if name + BUILD_SUFFIX not in plan.names:
        _remember_build(plan, name, stamps)
    state = "running" if already else "ready"
    tell({"service": name, "title": service.title, "state": state, "after_s": progress.ready[name], "url": service.url})


def _remember_build(plan: StackPlan, name: str, stamps: Mapping[str, BuildStamp]) -> None:
    stack = read_stack(plan.state_dir)
    if stack and name in stamps and stack.builds.get(name) != stamps[name]:
        write_stack(plan.state_dir, replace(stack, builds={**stack.builds, name: stamps[name]}))
