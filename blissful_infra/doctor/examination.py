"""The whole examination: reads as the list of what is looked at."""

from dataclasses import dataclass
from pathlib import Path

from blissful_infra import paths
from blissful_infra.doctor.check import Check, Status
from blissful_infra.doctor.leftovers import machine_leftovers, project_leftovers
from blissful_infra.doctor.machine import port_check, room_checks
from blissful_infra.doctor.needs import needs_of
from blissful_infra.doctor.probing import docker_check, python_checks, tool_checks
from blissful_infra.settings.model import ProjectConfig
from blissful_infra.settings.reading import NoProjectError, find_project, load_project
from blissful_infra.stacks.docker.engine import why_not_docker
from blissful_infra.stacks.port_holders import holder_of
from blissful_infra.stacks.ports import listens_nowhere, wishes_of
from blissful_infra.stacks.runtime_choice import choice_of
from blissful_infra.stacks.state import registry


@dataclass(frozen=True, slots=True)
class Report:
    """What was found; `runtime` is the one the project would start on, None outside a project."""

    project_dir: Path | None
    runtime: str | None
    checks: tuple[Check, ...]

    @property
    def blocked(self) -> bool:
        """Whether something is missing that the current project needs."""
        return any(check.blocks for check in self.checks)


def examine(start: Path) -> Report:
    """Look at the machine, and at the project around `start` when there is one. Raises InvalidSettingsError."""
    project_dir, config = _project(start)
    no_docker = why_not_docker()
    runtime = choice_of(config.runtime, "", no_docker).runtime if config else None
    needs = needs_of(config, runtime) if config and runtime else {}
    checks = [
        *python_checks(),
        _content(),
        docker_check(no_docker, needs),
        *tool_checks(needs),
        *room_checks(project_dir or start),
        *machine_leftovers(),
    ]
    if project_dir and config:
        checks += [_ports(project_dir, config), *project_leftovers(project_dir)]
    return Report(project_dir, runtime, tuple(checks))


def _content() -> Check:
    """Where `ansible-playbook` and `copier` find what this installation ships."""
    where = str(paths.content_root())
    return Check("content", "Playbooks", Status.OK, where, "plain ansible-playbook and copier: cd there")


def _project(start: Path) -> tuple[Path | None, ProjectConfig | None]:
    try:
        file = find_project(start)
    except NoProjectError:
        return None, None
    return file.parent, load_project(file)


def _ports(project_dir: Path, config: ProjectConfig) -> Check:
    wishes = wishes_of(config)
    running = any(stack.stack_id == paths.stack_id(project_dir) for stack in registry.registered())
    taken = {port: str(holder_of(port, registry.registered())) for port in wishes.values() if not listens_nowhere(port)}
    return port_check(wishes, taken, running=running)
