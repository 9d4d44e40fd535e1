"""Runs a playbook for a command: its lines on stderr, Ctrl-C told at once and undone, its failure as an error."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from agent.errors import BlissfulError
from blissful_infra.cli.interruption import Interruption, within
from blissful_infra.cli.progress import ProgressLines

if TYPE_CHECKING:
    from blissful_infra.runs.result import RunEvent, RunFailure, RunResult
    from blissful_infra.settings.model import State

UNDO_WITHIN_S = 45.0


class RunError(BlissfulError):
    """A run failed, in the words of the part that knew; `explanation` is what the agent says of it, in lines."""

    def __init__(self, failure: "RunFailure", explanation: tuple[str, ...] = ()) -> None:
        context = dict(failure.context)
        if failure.task and failure.code == "playbook-failed":
            context["task"] = failure.task
        super().__init__(failure.message, hint=failure.hint, context=context)
        # a failure brings its own code, where other errors have their class's
        self.code = failure.code  # type: ignore[misc]
        self.exit_code = failure.exit_code  # type: ignore[misc]
        self.log_tail = failure.log_tail
        self.explanation = explanation


@dataclass(slots=True)
class Told:
    """What a run said: the messages with a line, and the results of the stack's acts, merged."""

    messages: list[Mapping[str, Any]] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def ready_s(self) -> dict[str, float]:
        """Seconds from the beginning of the run until each service was ready."""
        return {one["service"]: one["after_s"] for one in self.messages if one.get("state") in {"ready", "running"}}


def run_stack(
    verb: str,
    project_file: Path,
    variables: Mapping[str, Any],
    progress: ProgressLines,
    *,
    state: "State",
    check: bool = False,
) -> tuple["RunResult", Told]:
    """Run the playbook of a verb on the local stack. Raises RunError; exits 130 or 143 when interrupted.

    `state` bounds what the state folder keeps. The playbook runs beside the main thread, which waits for signals.
    """
    from blissful_infra.runs.playbook import run_playbook
    from blissful_infra.runs.run_id import new_run_id

    told = Told()
    run_id = new_run_id(verb)

    def on_event(event: "RunEvent") -> None:
        if event.event in {"service", "stack", "notice"}:
            told.messages.append(event.data)
            if not (check and event.event == "stack"):  # nothing starts or stops in check mode
                progress.show(event.data)
        elif event.event == "runner_on_ok" and isinstance(event.data.get("res"), dict):
            told.facts.update(event.data["res"])

    def interrupted() -> None:
        progress.say(f"Interrupted: undoing what this `{verb}` began. Again: leave it as it is.")
        progress.now("undoing")

    with progress.live(), Interruption(interrupted) as interruption:
        try:
            result = within(
                None,
                lambda: run_playbook(
                    verb,
                    project_file=project_file,
                    variables=variables,
                    on_event=on_event,
                    check=check,
                    cancelled=lambda: interruption.requested,
                    run_id=run_id,
                    max_age_days=state.max_age_days,
                    max_size_mb=state.max_size_mb,
                ),
            )
            if interruption.exit_code is not None:
                progress.say(_undone(project_file, run_id))
        except KeyboardInterrupt:
            _end_playbook()
            progress.say("Left as it is; `blissful-infra status` shows it, `blissful-infra down` ends it.")
    if interruption.exit_code is not None:
        raise click.exceptions.Exit(interruption.exit_code)
    assert result is not None  # without a time limit there is a result or an exception
    if result.failure is not None:
        raise RunError(result.failure)
    return result, told


def _end_playbook() -> None:
    """Nobody waits for the playbook any more: it must not go on by itself. What it started is left alone."""
    import psutil

    with suppress(psutil.Error):
        for process in psutil.Process().children(recursive=True):
            with suppress(psutil.Error):
                if any(word.endswith("ansible-playbook") for word in process.cmdline()):
                    process.kill()


def _undone(project_file: Path, run_id: str) -> str:
    from blissful_infra.stacks.undoing import undo

    try:
        done = within(UNDO_WITHIN_S, lambda: undo(project_file, run_id=run_id) or "nothing was left to undo")
    except BlissfulError as error:
        return f"Undoing failed: {error.message}; `blissful-infra down` ends what still runs."
    if done is None:
        return f"Undoing took more than {UNDO_WITHIN_S:g} s; `blissful-infra down` ends what still runs."
    return f"Undone: {done}."
