"""Finds out about a project's folder and machine, and plans with it: the reading half of every act."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from blissful_infra.errors import ConfigurationError
from blissful_infra.paths import stack_id, state_dir
from blissful_infra.settings.reading import Settings, load_settings
from blissful_infra.stacks.plan import BuildStamp, Folder, RuntimeOffer, plan_of
from blissful_infra.stacks.ports import wishes_of
from blissful_infra.stacks.process.machine import PRODUCTS, machine, versions
from blissful_infra.stacks.process.servers import commands_of
from blissful_infra.stacks.runtime_choice import Choice
from blissful_infra.stacks.stack import StackPlan
from blissful_infra.stacks.state.files import read_json
from blissful_infra.stacks.state.stack_file import StackFile, read_stack


class ForeignStateError(ConfigurationError):
    """The state folder belongs to another project."""

    code = "foreign-state"


@dataclass(frozen=True, slots=True)
class Project:
    """A project's folder, its settings, and what is saved about its stack (None when it is down)."""

    folder: Path
    settings: Settings
    state_dir: Path
    stack_id: str
    saved_ports: Mapping[str, int]
    stack: StackFile | None
    copied_from: str | None = None


def read_project(project_file: Path, *, flags: Mapping[str, object] | None = None) -> Project:
    """Everything that is written down about a project. Raises when its file is invalid or its state is another's."""
    settings = load_settings(project_file, flags=flags)
    folder = project_file.resolve().parent
    state = state_dir(folder).absolute()
    saved = read_json(state / "ports.json")
    owner = saved.get("project")
    copied = owner if owner and owner != str(folder) and Path(owner).is_dir() else None
    if copied and state != folder / ".blissful":
        raise ForeignStateError(
            f"the state folder {state} belongs to {copied}",
            hint="give each project its own BLISSFUL_HOME, or unset it",
        )
    ports = saved.get("ports", {})
    return Project(
        folder=folder,
        settings=settings,
        state_dir=state,
        stack_id=stack_id(folder),
        saved_ports={} if copied or not isinstance(ports, dict) else ports,
        stack=None if copied else read_stack(state),
        copied_from=copied,
    )


def plan_for(
    project: Project, choice: Choice, ports: Mapping[str, int], builds: Mapping[str, BuildStamp] | None = None
) -> StackPlan:
    """The plan on this runtime and these ports."""
    if builds is None:
        builds = project.stack.builds if project.stack else {}
    folder = Folder(project.folder, project.state_dir, project.stack_id, builds)
    return plan_of(project.settings.config, folder, ports, _offer(choice, project.state_dir, ports))


def saved_plan(project: Project) -> StackPlan:
    """The plan as `up` last made it; the wished ports and no probing for Docker where it never did."""
    wishes = wishes_of(project.settings.config)
    ports = {**wishes, **{name: port for name, port in project.saved_ports.items() if name in wishes}}
    if project.stack:
        choice = Choice(project.stack.runtime, project.stack.reason)
    else:
        choice = Choice(str(project.settings.config.runtime), "not up")
    return plan_for(project, choice, ports)


def _offer(choice: Choice, state: Path, ports: Mapping[str, int]) -> RuntimeOffer:
    if choice.runtime != "process":
        return RuntimeOffer(choice.runtime, choice.reason)
    return RuntimeOffer("process", choice.reason, versions(), commands_of(machine(), state, ports), PRODUCTS)
