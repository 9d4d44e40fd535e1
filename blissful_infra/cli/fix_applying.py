"""Applies one fix after a yes: a branch, or a playbook run; then looks again and keeps the outcome."""

import hashlib
import time
from dataclasses import dataclass
from datetime import UTC, datetime

import click

from agent.domain.fix import Fix, Outcome, PatchFix, PlaybookFix, Result
from blissful_infra.cli.fix_text import change_of, told
from blissful_infra.cli.fixing import FixSession
from blissful_infra.cli.output import say
from blissful_infra.fixing.attempts import Attempt
from blissful_infra.fixing.branching import make_branch, refuse_bad
from blissful_infra.fixing.suggesting import Suggested
from blissful_infra.fixing.verifying import verify

SETTLE_S = 5.0
"""How long what was restarted may show its old or its new trouble before it is judged."""


@dataclass(frozen=True, slots=True)
class Applied:
    """What was made, and what was seen afterwards; both are None for a dry run and for a no."""

    fix: Fix
    attempt: Attempt | None = None
    outcome: Outcome | None = None


def show(found: Suggested, fix: Fix) -> None:
    """The fix and its change, on stderr, before anybody is asked."""
    say(f"{fix.title}  ({fix.id}; {told(fix, found.rate(fix))})")
    for line in change_of(fix):
        say(click.unstyle(line))
    say("")


def apply(session: FixSession, found: Suggested, fix: Fix) -> Applied:
    """Apply it and look again. The caller asked, and holds the journal's lock."""
    if isinstance(fix.action, PatchFix):
        attempt = make_branch(session.required_repository(), session.attempts, found.incident, fix, datetime.now(UTC))
        say(f"Made the branch {attempt.branch}; your working tree is as it was.")
    else:
        attempt = _run(session, found, fix, fix.action)
        say(f"Looking again in {SETTLE_S:g} s.")
        time.sleep(SETTLE_S)
    outcome = look_again(session, found, attempt)
    if attempt.branch and outcome.result is Result.NOT_RUN:
        incident = found.incident.id[:8]
        say(f"Next: `git merge {attempt.branch}`, bring it up, then `blissful-infra fix verify {incident}`;")
        say(f"or propose it: `blissful-infra fix pr {incident}`.")
    return Applied(fix, attempt, outcome)


def check(session: FixSession, fix: Fix) -> None:
    """What a dry run can tell. Raises `FixNotApplicableError`."""
    if isinstance(fix.action, PatchFix):
        changed = refuse_bad(session.required_repository(), fix.action)
        say(f"It applies to {fix.action.base[:7]} and would change {', '.join(changed)} on a new branch.")
    else:
        say(f"Would run the playbook {fix.action.playbook}.")


def look_again(session: FixSession, found: Suggested, attempt: Attempt) -> Outcome:
    """Verify an attempt and tell what was seen."""
    outcome = verify(
        attempt,
        found.incident,
        found.causes,
        attempts=session.attempts,
        repository=session.repository,
        knowledge=session.knowledge,
        look=session.look,
        now=lambda: datetime.now(UTC),
    )
    say(f"Outcome: {outcome.result.value}: {outcome.note}")
    return outcome


def _run(session: FixSession, found: Suggested, fix: Fix, action: PlaybookFix) -> Attempt:
    from blissful_infra.cli.progress import ProgressLines
    from blissful_infra.cli.running import RunError, run_stack

    now = datetime.now(UTC)
    attempt = Attempt(
        id=hashlib.sha256(f"{found.incident.id} {fix.id} {now.isoformat()}".encode()).hexdigest()[:12],
        incident_id=found.incident.id,
        pattern=found.incident.pattern,
        fix_id=fix.id,
        title=fix.title,
        at=now,
    )
    session.attempts.begin(attempt)
    settings = session.project.settings
    try:
        result, _ = run_stack(
            action.playbook.removesuffix(".yml"),
            settings.project_file,
            dict(action.variables),
            ProgressLines("fixing"),
            state=settings.config.state,
        )
    except RunError:
        session.attempts.note(attempt, state="failed")
        raise
    return session.attempts.note(attempt, state="applied", run_id=result.run_id)
