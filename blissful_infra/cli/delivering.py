"""Runs a delivery's playbook for a command: a yes asked for first, its lines on stderr, its failure as an error."""

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import click
import rich_click

from blissful_infra.cli.asking import agree_or_leave
from blissful_infra.cli.interruption import Interruption, within
from blissful_infra.cli.output import Output, print_data, say
from blissful_infra.cli.progress import ProgressLines
from blissful_infra.cli.running import RunError

if TYPE_CHECKING:
    from blissful_infra.delivery.planning import Plan
    from blissful_infra.runs.result import RunEvent, RunResult
    from blissful_infra.settings.model import ProjectConfig, State

SECONDS = click.FloatRange(min=0)


def delivery_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """The options that every command which makes a release has."""
    for option in (
        rich_click.option("--dry-run", is_flag=True, help="Show what would change, and change nothing."),
        rich_click.option("--wait", type=SECONDS, default=0, help="Seconds to wait for another delivery there."),
        rich_click.option("--timeout", type=SECONDS, default=300, show_default=True, help="Seconds a step may take."),
        rich_click.option("--no-input", is_flag=True, help="Never ask; where a yes is asked for, --yes is needed."),
        rich_click.option("-y", "--yes", is_flag=True, help="Do not ask, where the environment asks for a yes."),
    ):
        function = option(function)
    return function


def deliver(
    verb: str,
    project_file: Path,
    config: "ProjectConfig",
    environment: str,
    variables: Mapping[str, Any],
    plan: Callable[[], "Plan"],
    *,
    options: Mapping[str, Any],
    output: Output,
    more: Mapping[str, Any] = MappingProxyType({}),
) -> None:
    """Make one release with the playbook of the verb, and print it. `plan` says what it would be.

    `more` goes into the document.
    """
    from blissful_infra.delivery.environments import environment_of

    asks = environment_of(config, environment).approve and not options["yes"]
    if options["dry_run"] or asks:
        planned = plan()
        _show(planned)
        if options["dry_run"]:
            if output is not Output.TABLE:
                print_data({**_document(None, dry_run=True, planned=planned), **more}, output)
            return
        agree_or_leave(
            "Go on?",
            no_input=options["no_input"],
            nobody=f"{environment} asks for a yes before every release, and nobody can be asked",
            hint="look at `--dry-run`, then say yes beforehand: --yes",
        )

    def failed(run_id: str, release: Mapping[str, Any]) -> None:
        if output is not Output.TABLE and release:
            print_data({**_document(run_id, dry_run=False, planned=None, released=release), **more}, output)

    result, released = run_delivery(
        verb, project_file, config, environment, {**variables, **_settings(options)}, quiet=asks, failed=failed
    )
    if output is not Output.TABLE:
        print_data({**_document(result.run_id, dry_run=False, planned=None, released=released), **more}, output)


def _settings(options: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "delivery_approved": True,
        "delivery_timeout": options["timeout"],
        "delivery_lock_wait": options["wait"],
    }


def run_delivery(
    verb: str,
    project_file: Path,
    config: "ProjectConfig",
    environment: str,
    variables: Mapping[str, Any],
    *,
    quiet: bool = False,
    failed: Callable[[str, Mapping[str, Any]], None] = lambda run_id, release: None,
) -> "tuple[RunResult, Mapping[str, Any]]":
    """Run the playbook of the verb on an environment; how it went, and the release it made. Raises RunError.

    `failed` is told the run and the release of one that failed, as far as it came.
    """
    result, facts = run_acts(
        verb,
        project_file,
        variables,
        limit=environment,
        state=config.state,
        doing=("planning", "deploying"),
        quiet_until="plan" if quiet else None,  # it was shown when asking
        failed=lambda run_id, found: failed(run_id, found.get("release", {})),
    )
    return result, facts.get("release", {})


def run_acts(
    verb: str,
    project_file: Path | None,
    variables: Mapping[str, Any],
    *,
    limit: str | None = "local",
    state: "State | None" = None,
    doing: tuple[str, str],
    quiet_until: str | None = None,
    failed: Callable[[str, Mapping[str, Any]], None] = lambda run_id, facts: None,
) -> "tuple[RunResult, Mapping[str, Any]]":
    """Run a delivery's playbook, with its lines on stderr; how it went, and what its acts gave. Raises RunError.

    `doing` is what the live line says before the first line, and after it; `quiet_until` leaves out what goes on until
    an act gave that. Without a project, the run is kept with the machine's state.
    """
    from blissful_infra.runs.playbook import run_playbook

    progress = ProgressLines(doing[0])
    facts: dict[str, Any] = {}
    bounds: dict[str, Any] = (
        {} if state is None else {"max_age_days": state.max_age_days, "max_size_mb": state.max_size_mb}
    )

    def on_event(event: "RunEvent") -> None:
        if event.event == "delivery":
            if event.data["state"] != "going" or quiet_until is None or quiet_until in facts:
                progress.show(event.data)
            progress.now(doing[1])
        elif event.event in {"runner_on_ok", "runner_on_failed"} and isinstance(event.data.get("res"), dict):
            facts.update(event.data["res"])

    with progress.live(), Interruption(lambda: progress.say("Interrupted.")) as interruption:
        result = within(
            None,
            lambda: run_playbook(
                verb,
                project_file=project_file,
                limit=limit,
                variables=variables,
                on_event=on_event,
                cancelled=lambda: interruption.requested,
                **bounds,
            ),
        )
    if interruption.exit_code is not None:
        say(f"What was done stays; run `blissful-infra {verb.replace('_', ' ')}` again, and it goes on from there.")
        raise click.exceptions.Exit(interruption.exit_code)
    assert result is not None  # without a time limit there is a result or an exception
    if result.failure is not None:
        failed(result.run_id, facts)
        raise RunError(result.failure, tuple(facts.get("explanation", ())))
    return result, facts


def _show(plan: "Plan") -> None:
    from blissful_infra.delivery.telling import lines_of_plan

    for line in lines_of_plan(plan):
        say(line)


def _document(
    run_id: str | None, *, dry_run: bool, planned: "Plan | None", released: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    changes = [{"object": each.title, "change": each.change} for each in planned.diffs] if planned else []
    release = dict(released or {})
    if planned is not None:
        release = {"number": planned.number, "image": planned.image, "revision": planned.revision, "verdict": None}
    return {"v": 1, "run_id": run_id, "dry_run": dry_run, "release": release, "changes": changes}
