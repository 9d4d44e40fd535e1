"""Every stack that is up on this machine, one small file each, so that no stack is lost with its folder."""

import fcntl
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from blissful_infra.paths import machine_state_dir
from blissful_infra.stacks.stack import StackPlan
from blissful_infra.stacks.state.boot import boot_id
from blissful_infra.stacks.state.files import read_json, write_json, writing


@dataclass(frozen=True, slots=True)
class Registered:
    """A stack that `up` started and no `down` ended."""

    stack_id: str
    name: str
    project_dir: str
    state_dir: str
    runtime: str
    ports: Mapping[str, int]
    boot: str
    since: float

    @property
    def folder_exists(self) -> bool:
        """Whether the project's folder is still there."""
        return Path(self.project_dir).is_dir()

    @property
    def before_reboot(self) -> bool:
        """Whether the machine restarted since."""
        return self.boot != boot_id()


def registered() -> tuple[Registered, ...]:
    """Every stack written down on this machine, by name."""
    found = []
    for path in sorted(_folder().glob("*.json")):
        document = read_json(path)
        try:
            found.append(Registered(**{name: document[name] for name in Registered.__dataclass_fields__}))
        except (KeyError, TypeError):
            continue
    return tuple(sorted(found, key=lambda one: (one.name, one.project_dir)))


def register(plan: StackPlan) -> None:
    """Write down that this stack is being brought up."""
    entry = Registered(
        stack_id=plan.stack_id,
        name=plan.name,
        project_dir=str(plan.project_dir),
        state_dir=str(plan.state_dir),
        runtime=plan.runtime,
        ports=dict(plan.ports),
        boot=boot_id(),
        since=time.time(),
    )
    write_json(_folder() / f"{plan.stack_id}.json", {"v": 1, **asdict(entry)})


def forget(stack_id: str) -> None:
    """The stack is down: nothing of it is left to be found."""
    (_folder() / f"{stack_id}.json").unlink(missing_ok=True)


@contextmanager
def choosing_ports() -> Iterator[None]:
    """One stack at a time chooses its ports on this machine, so that two never choose the same."""
    path = _folder() / "ports.lock"
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        file = path.open("a")
    with file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _folder() -> Path:
    return machine_state_dir() / "stacks"
