"""Opens an `up`: takes the lock, mends what was left behind, settles runtime, ports and passwords, checks the tools.

Nothing is started here. What the roles still have to make (a database cluster, Kafka's jars) comes back as facts.
"""

import os
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from blissful_infra.errors import ConfigurationError
from blissful_infra.stacks.leftovers import mend
from blissful_infra.stacks.plan import BUILD_SUFFIX, BuildStamp
from blissful_infra.stacks.planning import Project, plan_for, read_project, saved_plan
from blissful_infra.stacks.port_holders import holder_of
from blissful_infra.stacks.ports import PortBlock, PortTakenError, block_of, listens_nowhere, wishes_of
from blissful_infra.stacks.process.machine import kafka_pin, machine, require
from blissful_infra.stacks.process.servers import data_dir
from blissful_infra.stacks.runtime_choice import Choice, choose
from blissful_infra.stacks.runtimes import runtime_of
from blissful_infra.stacks.sources import stamp_of
from blissful_infra.stacks.stack import Kind, StackPlan, title_of
from blissful_infra.stacks.state import lock, registry, secrets
from blissful_infra.stacks.state.boot import boot_id, controller_pid
from blissful_infra.stacks.state.files import write_json, writing
from blissful_infra.stacks.state.journal import Journal
from blissful_infra.stacks.state.stack_file import StackFile, write_stack

Tell = Callable[[Mapping[str, Any]], None]


class RuntimeInUseError(ConfigurationError):
    """The stack is up on another runtime."""

    code = "runtime-in-use"


class OldDataError(ConfigurationError):
    """The data on disk is of a server version that this one cannot read."""

    code = "old-data"


@dataclass(frozen=True, slots=True)
class Request:
    """How `up` was asked for. `check` reads and changes nothing."""

    project_file: Path
    run_id: str
    runtime: str | None = None
    strict_ports: bool = False
    lock_wait_s: float = 0
    check: bool = False


@dataclass(frozen=True, slots=True)
class Prepared:
    """The plan, what changed already, which builds are due, and what was told."""

    plan: StackPlan
    changed: bool
    builds_due: tuple[str, ...]
    stamps: Mapping[str, BuildStamp]
    notices: tuple[str, ...]


def prepare(request: Request, tell: Tell) -> Prepared:
    """Settle everything an `up` decides before it starts anything."""
    flags = {"runtime": request.runtime} if request.runtime else {}
    project = read_project(request.project_file, flags=flags)
    notices: list[str] = []
    if not request.check:
        lock.acquire(
            project.state_dir,
            verb="up",
            run_id=request.run_id,
            pid=controller_pid(),
            wait_s=request.lock_wait_s,
            on_wait=lambda holder: tell({"notice": f"waiting for `{holder.verb}` (pid {holder.pid}) to end"}),
        )
        project = read_project(request.project_file, flags=flags)
        notices += mend(project)
    choice = _choice(project)
    running = _running(project)
    if project.stack and running and project.stack.runtime != choice.runtime:
        raise RuntimeInUseError(
            f"the stack is up on the {project.stack.runtime} runtime; {choice.runtime} was asked for",
            hint="take it down first: `blissful-infra down`",
        )
    with registry.choosing_ports():
        wishes = wishes_of(project.settings.config, runtime=choice.runtime)
        block, told = _block(project, wishes, running, strict=request.strict_ports)
        plan = plan_for(project, choice, block.ports)
        _check_tools(plan, running)
        if not request.check:
            registry.register(plan)
    stamps, due = _stamps(project, plan, running)
    plan = plan_for(project, choice, block.ports, stamps)
    changed = dict(block.ports) != dict(project.saved_ports) or bool(secrets.missing(plan))
    if not request.check:
        _write(project, plan, request.run_id)
    return Prepared(plan, changed, due, stamps, (*notices, *told, *plan.notices))


def _choice(project: Project) -> Choice:
    config = project.settings.config
    origin = project.settings.layers.origin(("runtime",))
    if project.stack and config.runtime == "auto":
        return Choice(project.stack.runtime, project.stack.reason)
    return choose(config.runtime, asked_by=origin.where or str(origin.layer))


def _running(project: Project) -> frozenset[str]:
    if project.stack is None:
        return frozenset()
    plan = saved_plan(project)
    seen = runtime_of(plan.runtime).observe(plan)
    return frozenset(status.name for status in seen if status.pid or status.uptime_s is not None)


def _block(
    project: Project, wishes: Mapping[str, int], running: frozenset[str], *, strict: bool
) -> tuple[PortBlock, list[str]]:
    others = [
        stack
        for stack in registry.registered()
        if stack.stack_id != project.stack_id and stack.folder_exists and not stack.before_reboot
    ]
    claimed = {port for stack in others for port in stack.ports.values()}

    def is_free(name: str, port: int) -> bool:
        ours = name.removesuffix("-controller") in running and project.saved_ports.get(name) == port
        return ours or (port not in claimed and listens_nowhere(port))

    block = block_of(wishes, project.saved_ports, is_free)
    if strict and (block.moved or block.obstacles):
        taken = [(name, port) for name, port in wishes.items() if not is_free(name, port)]
        if taken:
            name, port = taken[0]
            raise PortTakenError(
                f"port {port} of {title_of(name)} is taken by {holder_of(port, others)}",
                hint="stop that program, change the port in blissful-infra.yaml, or leave out --strict-ports",
            )
        block = PortBlock(wishes)
    told = [f"port {port} of {title_of(name)} is taken by {holder_of(port, others)}" for name, port in block.obstacles]
    if block.obstacles:
        shown = ", ".join(f"{title_of(name)} {port}" for name, port in block.ports.items() if name in wishes)
        told.append(f"the whole block moved, and stays there for this folder: {shown}")
    return block, told


def _check_tools(plan: StackPlan, running: frozenset[str]) -> None:
    if plan.runtime != "process":
        return
    waiting = [service for service in plan.services if service.name not in running]
    kinds = {service.kind for service in waiting}
    own = [(s.argv[0], s.directory) for s in waiting if s.kind in {Kind.APPLICATION, Kind.JOB} and s.directory]
    require(kafka=Kind.KAFKA in kinds, postgres=Kind.POSTGRES in kinds, commands=own)
    kept = data_dir(plan.state_dir, "postgres") / "PG_VERSION"
    if Kind.POSTGRES in kinds and kept.is_file():
        major, given = kept.read_text(encoding="ascii").strip(), str(plan.service("postgres").version)
        if given.split(".")[0] != major:
            raise OldDataError(
                f"the data in {kept.parent} is of Postgres {major}; the process runtime gives {given}",
                hint="dump it with Postgres " + major + ", or remove it: `blissful-infra down --volumes`",
            )


def _stamps(
    project: Project, plan: StackPlan, running: frozenset[str]
) -> tuple[dict[str, BuildStamp], tuple[str, ...]]:
    """What each service is built from, and the builds that are due: sources changed, or the service does not run."""
    stamps: dict[str, BuildStamp] = {}
    due = []
    built = project.stack.builds if project.stack else {}
    for service in plan.services:
        if service.kind is Kind.APPLICATION and service.directory:
            stamps[service.name], changed = stamp_of(service.directory, built.get(service.name))
            if (changed or service.name not in running) and service.name + BUILD_SUFFIX in plan.names:
                due.append(service.name + BUILD_SUFFIX)
    return stamps, tuple(due)


def _write(project: Project, plan: StackPlan, run_id: str) -> None:
    Journal(plan.state_dir).begin(run_id, "up")
    write_json(plan.state_dir / "ports.json", {"v": 1, "project": str(plan.project_dir), "ports": dict(plan.ports)})
    secrets.ensure(plan)
    if plan.runtime == "process":
        with writing(plan.process_dir):
            plan.process_dir.mkdir(exist_ok=True, mode=0o700)
    before = project.stack
    if before is None or before.before_reboot:
        before = StackFile(str(plan.project_dir), plan.runtime, plan.reason, boot_id(), time.time())
    write_stack(plan.state_dir, before)


def role_facts(prepared: Prepared) -> dict[str, Any]:
    """What the roles read: which parts are there already, and where."""
    plan = prepared.plan
    facts: dict[str, Any] = {
        "name": plan.name,
        "runtime": plan.runtime,
        "reason": plan.reason,
        "project_dir": str(plan.project_dir),
        "state_dir": str(plan.state_dir),
        "stack_id": plan.stack_id,
        "ports": dict(plan.ports),
        "services": list(plan.names),
        "urls": {service.name: service.url for service in plan.services if service.url},
        "builds_due": list(prepared.builds_due),
        "notices": list(prepared.notices),
    }
    if plan.runtime == "process":
        facts |= _process_facts(plan)
    return facts


def _process_facts(plan: StackPlan) -> dict[str, Any]:
    from blissful_infra.stacks.process import launch
    from blissful_infra.stacks.process.runtime import is_configured, supervised

    offer = machine()
    supervisor = supervised(plan, python=sys.executable, launcher=Path(launch.__file__))
    jars = offer.kafka_jars
    return {
        "java": offer.java,
        "supervisor": supervisor,
        "supervisor_configured": is_configured(plan, supervisor["digest"]),
        "process_dir": str(plan.process_dir),
        "data": {
            name: {"dir": str(folder), "ready": (folder / marker).exists()}
            for name, marker in {"postgres": "PG_VERSION", "kafka": "log/meta.properties", "redis": "."}.items()
            for folder in [data_dir(plan.state_dir, name)]
            if name in plan.names
        },
        "kafka_jars": {"dir": str(jars), "ready": jars.is_dir(), "version": kafka_pin()},
        "root": os.geteuid() == 0,
    }
