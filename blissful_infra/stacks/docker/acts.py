"""The acts of an `up` on Docker, for the playbooks: build what changed; let Compose start, and watch it.

Compose is run by community.docker's module, which the action plugin hands in as `run_module`.
"""

import contextlib
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

from blissful_infra.errors import RunFailedError
from blissful_infra.settings.model import ProjectConfig
from blissful_infra.stacks.docker.compose import read_services, version_notices
from blissful_infra.stacks.docker.containers import end_compose
from blissful_infra.stacks.docker.due import build, due_of
from blissful_infra.stacks.docker.engine import endpoint
from blissful_infra.stacks.docker.inputs import write_inputs
from blissful_infra.stacks.docker.watch import Watch
from blissful_infra.stacks.plan import BuildStamp
from blissful_infra.stacks.stack import StackPlan
from blissful_infra.stacks.state.journal import Journal
from blissful_infra.stacks.state.stack_file import read_stack, write_stack
from blissful_infra.stacks.waiting import Limits

MODULE = "community.docker.docker_compose_v2"
SEEN_WITHIN_S = 2.0
"""How long the watch may still look for the container that made Compose fail."""

Facts = dict[str, Any]
RunModule = Callable[[str, Mapping[str, Any]], dict[str, Any]]
Tell = Callable[[Mapping[str, Any]], None]


class ComposeFailedError(RunFailedError):
    """Compose could not start the containers, and no container shows why."""

    code = "compose-failed"


def build_images(plan: StackPlan, config: ProjectConfig, stamps: Mapping[str, BuildStamp], tell: Tell) -> Facts:
    """Write what Compose reads and build what is due; the module's arguments, and the services to start, come back."""
    project = write_inputs(plan, config.images)
    services = read_services(project)
    due = due_of(plan, project, services)
    wanted = {name: server.version for name, server in config.backing.enabled().items()}
    for notice in version_notices(wanted, services):
        tell({"notice": notice})
    build(plan, project, services, due.builds, tell)
    stack = read_stack(plan.state_dir)
    if stack:
        write_stack(plan.state_dir, replace(stack, builds={**stack.builds, **stamps}))
    return {
        "changed": bool(due.builds),
        "built": list(due.builds),
        "due": list(due.starts),
        "compose": {
            **endpoint().module_options,
            "project_src": str(project.folder),
            "project_name": project.name,
            "files": [str(file) for file in project.files] or None,
            "env_files": [str(file) for file in project.env_files],
        },
    }


def start_containers(
    plan: StackPlan,
    facts: Mapping[str, Any],
    tell: Tell,
    run_module: RunModule,
    *,
    began: float,
    limits: Limits,
) -> Facts:
    """Start what is due and wait until all are healthy. Raises the reason of the first container that fails."""
    due = facts["due"]
    watch = Watch(plan, tell, began=began, due=due, limits=limits)
    if not due:
        watch.run()
        result: Facts = {"changed": False}
    else:
        journal = Journal(plan.state_dir)
        for name in due:
            journal.about_to("start", service=name)
        result = _compose(watch, facts["compose"], run_module)
    if watch.error:
        raise watch.error
    return result | {"started": list(due), "ready_s": dict(watch.progress.ready)}


def _compose(watch: Watch, arguments: Mapping[str, Any], run_module: RunModule) -> Facts:
    """Run the module while the watch goes on; whichever fails first ends the other."""

    def follow() -> None:
        watch.run()
        if watch.error:
            end_compose(str(arguments["project_name"]))

    options = {"state": "present", "build": "never", "wait": False, "remove_orphans": True}
    with ThreadPoolExecutor(max_workers=1) as pool:
        followed = pool.submit(follow)
        try:
            result = run_module(MODULE, {**arguments, **options})
            failed = bool(result.get("failed"))
            watch.compose_ended = "badly" if failed else "well"
            with contextlib.suppress(TimeoutError):
                followed.result(SEEN_WITHIN_S if failed else None)
        finally:
            watch.abandoned = True
    if failed and not watch.error:
        raise ComposeFailedError(
            "Compose could not start the containers",
            hint="mend what Compose says above, then `blissful-infra up` again; "
            "where an image cannot be pulled, name another under `images:` in blissful-infra.yaml",
            context={"compose": str(result.get("stderr") or result.get("msg") or "").strip()},
        )
    return result
