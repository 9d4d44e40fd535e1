"""An error as a task's result: text for people, and `blissful_error` for the command line."""

from typing import Any

from agent.errors import BlissfulError


def failed_result(error: BlissfulError) -> dict[str, Any]:
    """The failed result of a task that met this error; a service's last lines come with it, where it has some."""
    tail: tuple[str, ...] = getattr(error, "log_tail", ())
    lines = [f"error[{error.code}]: {error.message}"]
    lines += [f"  {name}: {value}" for name, value in error.context.items()]
    lines += [f"  | {line}" for line in tail]
    lines += [f"  hint: {error.hint}"] if error.hint else []
    return {
        "failed": True,
        "msg": "\n".join(lines),
        "blissful_error": {
            "code": error.code,
            "exit_code": error.exit_code,
            "message": error.message,
            "hint": error.hint,
            "context": dict(error.context),
            "log_tail": list(tail),
        },
    }
