"""What a local runtime offers. Each lives in its own file, named for its technology."""

from collections.abc import Sequence
from typing import Protocol

from blissful_infra.stacks.stack import LogSource, ServiceStatus, StackPlan


class Runtime(Protocol):
    """Runs the services of a plan: as processes, or as containers."""

    name: str

    def observe(self, plan: StackPlan) -> tuple[ServiceStatus, ...]:
        """Every service of the plan, and the one-shot jobs the runtime knows, as they are now. Takes under a second.

        A runtime that cannot be reached gives `unknown` with the reason as `detail`; it does not raise.
        """
        ...

    def start(self, plan: StackPlan, names: Sequence[str]) -> None:
        """Start these services without waiting; those that stand are left alone.

        Docker Compose has started everything by itself, in order: there this does nothing.
        """
        ...

    def stop(self, plan: StackPlan, names: Sequence[str] | None = None) -> tuple[str, ...]:
        """Stop these services, or all and the runtime's own processes; the names of those that were running."""
        ...

    def remove_data(self, plan: StackPlan) -> bool:
        """Delete the servers' data of a stopped stack; whether there was any."""
        ...

    def log_sources(self, plan: StackPlan) -> tuple[LogSource, ...]:
        """Where each service's lines are."""
        ...

    def last_lines(self, plan: StackPlan, name: str, count: int = 20) -> tuple[str, ...]:
        """The end of one service's output, oldest first."""
        ...


def runtime_of(name: str) -> Runtime:
    """The runtime of this name: `docker` or `process`."""
    if name == "docker":
        from blissful_infra.stacks.docker.runtime import DockerRuntime

        return DockerRuntime()
    from blissful_infra.stacks.process.runtime import ProcessRuntime

    return ProcessRuntime()
