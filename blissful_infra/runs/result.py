"""What a playbook run says while it goes on, and what came of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class RunEvent:
    """One thing that happened in a run.

    `event` is Ansible's own name of it (`runner_on_ok`, ...), or for progress lines: `service` (data: service, title,
    state, after_s, url), `stack` (stack, state, runtime, reason), `delivery` (delivery, state, detail, after_s),
    `notice` (notice).
    """

    event: str
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RunFailure:
    """Why a run failed, in the words of the part that knew; `log_tail` are the failed service's last lines."""

    code: str
    exit_code: int
    message: str
    hint: str | None = None
    context: Mapping[str, str] = field(default_factory=dict)
    log_tail: tuple[str, ...] = ()
    task: str | None = None


@dataclass(frozen=True, slots=True)
class RunResult:
    """How a run ended: `successful`, `failed` or `canceled`."""

    run_id: str
    rc: int
    status: str
    changed: bool = False
    failure: RunFailure | None = None


def failure_in(event: Mapping[str, Any]) -> RunFailure | None:
    """The failure that one raw event tells of; ignored and rescued ones are none."""
    data = event.get("event_data", {})
    if event.get("event") not in {"runner_on_failed", "runner_on_unreachable"} or data.get("ignore_errors"):
        return None
    result = data.get("res", {})
    told = result.get("blissful_error")
    if isinstance(told, dict):
        return RunFailure(
            code=told["code"],
            exit_code=told["exit_code"],
            message=told["message"],
            hint=told.get("hint"),
            context=told.get("context", {}),
            log_tail=tuple(told.get("log_tail", ())),
            task=data.get("task"),
        )
    words = [str(result[name]) for name in ("msg", "stderr") if result.get(name)]
    return RunFailure("playbook-failed", 6, "\n".join(words) or "a task failed", task=data.get("task"))


OnEvent = Callable[[RunEvent], None]
