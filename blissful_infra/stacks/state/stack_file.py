"""`stack.json`: what `up` started in a folder, on which runtime, and from which sources."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from blissful_infra.stacks.plan import BuildStamp
from blissful_infra.stacks.state.boot import boot_id
from blissful_infra.stacks.state.files import read_json, write_json


@dataclass(frozen=True, slots=True)
class StackFile:
    """`builds` holds finished builds only; `starts` counts the starts of each service since the stack came up."""

    project: str
    runtime: str
    reason: str
    boot: str
    since: float
    builds: Mapping[str, BuildStamp] = field(default_factory=dict)
    starts: Mapping[str, int] = field(default_factory=dict)

    @property
    def before_reboot(self) -> bool:
        """Whether the machine restarted since."""
        return self.boot != boot_id()

    def with_starts(self, names: Iterable[str]) -> "StackFile":
        """The same, with one more start of each of these."""
        counted = dict(self.starts)
        for name in names:
            counted[name] = counted.get(name, 0) + 1
        return replace(self, starts=counted)


def read_stack(state_dir: Path) -> StackFile | None:
    """What `up` wrote, or None when the stack is down."""
    document = read_json(state_dir / "stack.json")
    try:
        fields = {name: document[name] for name in StackFile.__dataclass_fields__}
        fields["builds"] = {name: BuildStamp(**stamp) for name, stamp in fields["builds"].items()}
        return StackFile(**fields)
    except (KeyError, TypeError, AttributeError):
        return None


def write_stack(state_dir: Path, stack: StackFile) -> None:
    """Replace `stack.json`."""
    write_json(state_dir / "stack.json", {"v": 1, **asdict(stack)})


def forget_stack(state_dir: Path) -> None:
    """The stack is down; its builds are remembered no longer, for their products may be deleted meanwhile."""
    (state_dir / "stack.json").unlink(missing_ok=True)
