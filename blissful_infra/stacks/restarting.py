"""Restarts one service of a stack: it is stopped, and the rest of the run starts it as any that does not run."""

import difflib

from blissful_infra.errors import ConfigurationError
from blissful_infra.stacks.runtimes import runtime_of
from blissful_infra.stacks.stack import StackPlan
from blissful_infra.stacks.state.journal import Journal


class UnknownServiceError(ConfigurationError):
    """The stack has no service of this name."""

    code = "unknown-service"


def stop_service(plan: StackPlan, name: str, *, check: bool) -> tuple[str, ...]:
    """Stop it, written down first; who was running, or would be stopped. Raises `UnknownServiceError`.

    A run that is killed in between leaves the service stopped and the run open: the next `up` starts it.
    """
    if name not in plan.names:
        near = difflib.get_close_matches(name, plan.names, n=1)
        raise UnknownServiceError(
            f"the stack has no service {name!r}" + (f"; did you mean {near[0]!r}?" if near else ""),
            hint=f"there are {', '.join(plan.names)}",
        )
    runtime = runtime_of(plan.runtime)
    if check:
        return tuple(one.name for one in runtime.observe(plan) if one.name == name and one.uptime_s is not None)
    Journal(plan.state_dir).about_to("stop", service=name)
    return runtime.stop(plan, (name,))
