"""Why a service failed, as a person needs it: what happened, its last lines, and what may mend it."""

import re
from collections.abc import Sequence

from blissful_infra.errors import RunFailedError
from blissful_infra.stacks.stack import Kind, StackPlan
from blissful_infra.stacks.waiting import Failed

FIXES: Sequence[tuple[re.Pattern[str], str]] = (
    (
        re.compile(r"address already in use|BindException|could not bind|Port \d+ was already in use", re.I),
        "another program took the port meanwhile; `blissful-infra up` again moves to free ports",
    ),
    (
        re.compile(r"No space left on device|ENOSPC", re.I),
        "the disk is full: free some space, then `blissful-infra up` again",
    ),
    (
        re.compile(r"OutOfMemoryError|Cannot allocate memory", re.I),
        "there is not enough memory: stop other programs, then `blissful-infra up` again",
    ),
    (
        re.compile(r"password authentication failed", re.I),
        "the data was made with another password: restore .blissful/secrets.env, "
        "or start with empty data: `blissful-infra down --volumes`",
    ),
)


class ServiceFailedError(RunFailedError):
    """A service died or never became ready; `log_tail` holds its last lines."""

    code = "service-failed"

    def __init__(self, message: str, *, hint: str, context: dict[str, str], log_tail: tuple[str, ...]) -> None:
        super().__init__(message, hint=hint, context=context)
        self.log_tail = log_tail


def failure_of(plan: StackPlan, failed: Failed, tail: tuple[str, ...], running: Sequence[str]) -> ServiceFailedError:
    """The error that ends `up`, naming what still runs."""
    context = {"service": failed.name}
    if failed.name in plan.names and plan.runtime == "process":
        context["log"] = str(plan.service(failed.name).log_file)
    if running:
        context["still running"] = ", ".join(running)
    return ServiceFailedError(
        f"{failed.title} failed: {failed.why}", hint=fix_of(plan, failed, tail), context=context, log_tail=tail
    )


def fix_of(plan: StackPlan, failed: Failed, tail: Sequence[str]) -> str:
    """What may mend it, judged by the last lines."""
    text = "\n".join(tail)
    for pattern, fix in FIXES:
        if pattern.search(text):
            return fix
    service = plan.service(failed.name) if failed.name in plan.names else None
    if service and service.kind is Kind.JOB and service.argv:
        return (
            f"mend what the lines above say, then `blissful-infra up` again; the command was `{' '.join(service.argv)}`"
        )
    return f"see all of its lines: `blissful-infra logs {failed.name}`; then `blissful-infra up` again"
