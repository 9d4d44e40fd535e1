"""What the action plugin `blissful_stack` can be asked to do: arguments in, result out, as plain mappings.

The seam between the playbooks and this package. Whatever an act knows comes from the project's folder and its
arguments, so that a playbook works without the command line.
"""

import dataclasses
import json
import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, cast

from agent.errors import BlissfulError
from blissful_infra.paths import PROJECT_FILE
from blissful_infra.runs.failed_result import failed_result
from blissful_infra.runs.run_id import new_run_id
from blissful_infra.stacks.bringing_up import bring_up
from blissful_infra.stacks.docker.acts import RunModule, build_images, start_containers
from blissful_infra.stacks.plan import BuildStamp
from blissful_infra.stacks.planning import Project, plan_for, read_project
from blissful_infra.stacks.preparing import Request, prepare, role_facts
from blissful_infra.stacks.restarting import stop_service
from blissful_infra.stacks.runtime_choice import Choice
from blissful_infra.stacks.stack import StackPlan
from blissful_infra.stacks.status import status_of
from blissful_infra.stacks.taking_down import close_run, forget, open_down, take_down
from blissful_infra.stacks.waiting import Limits

Arguments = Mapping[str, Any]
Result = dict[str, Any]
Tell = Callable[[Mapping[str, Any]], None]


def current_run_id(verb: str) -> str:
    """The run this process belongs to: the command line's, the event recorder's, or a new one."""
    environ = os.environ
    return environ.get("BLISSFUL_RUN_ID") or environ.get("BLISSFUL_PLAIN_RUN_ID") or new_run_id(verb)


def _prepare(arguments: Arguments, tell: Tell, *, check: bool) -> Result:
    began = time.time()
    request = Request(
        project_file=_project_file(arguments),
        run_id=current_run_id("up"),
        runtime=str(arguments.get("runtime") or "") or None,
        strict_ports=bool(arguments.get("strict_ports")),
        lock_wait_s=float(arguments.get("lock_wait") or 0),
        check=check,
    )
    prepared = prepare(request, tell)
    plan = prepared.plan
    tell({"stack": plan.name, "runtime": plan.runtime, "reason": plan.reason, "state": "starting"})
    for notice in prepared.notices:
        tell({"notice": notice})
    stamps = {name: dataclasses.asdict(stamp) for name, stamp in prepared.stamps.items()}
    return {"changed": prepared.changed, "stack": role_facts(prepared) | {"began": began, "stamps": stamps}}


def _stop_service(arguments: Arguments, tell: Tell, *, check: bool) -> Result:
    plan, _ = _planned(arguments)
    stopped = stop_service(plan, str(arguments["service"]), check=check)
    return {"changed": bool(stopped), "restarting": list(stopped)}


def _start(arguments: Arguments, tell: Tell, *, check: bool) -> Result:
    facts = arguments["stack"]
    plan, _ = _planned(arguments)
    if check:
        seen = status_of(_project_file(arguments)).services
        standing = {status.name for status in seen if status.health == "healthy"}
        waiting = [service.name for service in plan.services if service.kind != "job" and service.name not in standing]
        return {"changed": bool(waiting or facts["builds_due"]), "would_start": waiting}
    limits = Limits(float(arguments["timeout"]), float(arguments["build_timeout"]))
    began = float(facts["began"])
    done = bring_up(plan, tell, began=began, due=facts["builds_due"], stamps=_stamps(arguments), limits=limits)
    return {
        "changed": bool(done.started) if plan.runtime == "process" else False,
        "started": list(done.started),
        "ready_s": dict(done.ready),
        "critical_path": list(done.critical_path),
        "services": [dataclasses.asdict(status) for status in done.services],
    }


def _build_images(arguments: Arguments, tell: Tell, *, check: bool) -> Result:
    plan, project = _planned(arguments)
    if check:
        return {"changed": False}
    return build_images(plan, project.settings.config, _stamps(arguments), tell)


def _start_containers(arguments: Arguments, tell: Tell, *, check: bool, run_module: RunModule) -> Result:
    if check:
        return _start(arguments, tell, check=True)
    plan, _ = _planned(arguments)
    limits = Limits(float(arguments["timeout"]), float(arguments["build_timeout"]))
    began = float(arguments["stack"]["began"])
    return start_containers(plan, arguments["images"], tell, run_module, began=began, limits=limits)


def _close(arguments: Arguments, tell: Tell, *, check: bool) -> Result:
    if not check:
        close_run(_project_file(arguments), outcome=str(arguments["outcome"]))
    return {"changed": False}


def _open_down(arguments: Arguments, tell: Tell, *, check: bool) -> Result:
    wait = float(arguments.get("lock_wait") or 0)
    return {"changed": False, "stack": open_down(_project_file(arguments), current_run_id("down"), wait, check=check)}


def _stop(arguments: Arguments, tell: Tell, *, check: bool) -> Result:
    done = take_down(_project_file(arguments), remove_data=bool(arguments.get("remove_data")), check=check)
    for notice in done.notices:
        tell({"notice": notice})
    return {"changed": bool(done.stopped or done.data_removed), **dataclasses.asdict(done)}


def _forget(arguments: Arguments, tell: Tell, *, check: bool) -> Result:
    if not check:
        forget(_project_file(arguments))
        tell({"stack": str(arguments.get("name", "")), "state": "stopped"})
    return {"changed": False}


def _status(arguments: Arguments, tell: Tell, *, check: bool) -> Result:
    return {"changed": False, "status": dataclasses.asdict(status_of(_project_file(arguments)))}


ACTS: Mapping[str, Callable[..., Result]] = {
    "prepare": _prepare,
    "stop_service": _stop_service,
    "start": _start,
    "build_images": _build_images,
    "start_containers": _start_containers,
    "close": _close,
    "open_down": _open_down,
    "stop": _stop,
    "forget": _forget,
    "status": _status,
}


def perform(act: str, arguments: Arguments, tell: Tell, *, check: bool, run_module: RunModule) -> Result:
    """Do one act; an error comes back as a failed result that says what happened, why, and what mends it.

    `run_module` runs an Ansible module with these arguments, as a task of its own would.
    """
    if act not in ACTS:
        return {"failed": True, "msg": f"unknown act {act}; there are {', '.join(ACTS)}"}
    handed = {"run_module": run_module} if act == "start_containers" else {}
    try:
        result = ACTS[act](arguments, tell, check=check, **handed)
    except BlissfulError as error:
        return failed_result(error)
    return cast(Result, json.loads(json.dumps(result, default=str)))


def _planned(arguments: Arguments) -> tuple[StackPlan, Project]:
    """The plan as the act `prepare` made it, and the project."""
    facts = arguments["stack"]
    project = read_project(_project_file(arguments))
    choice = Choice(facts["runtime"], facts["reason"])
    return plan_for(project, choice, facts["ports"], _stamps(arguments)), project


def _stamps(arguments: Arguments) -> dict[str, BuildStamp]:
    return {name: BuildStamp(**stamp) for name, stamp in arguments["stack"]["stamps"].items()}


def _project_file(arguments: Arguments) -> Path:
    folder = Path(str(arguments["project"]))
    return folder if folder.name == PROJECT_FILE else folder / PROJECT_FILE
