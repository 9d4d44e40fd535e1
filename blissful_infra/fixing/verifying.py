"""Looks again after a fix, stores the outcome with its incident, and closes an incident that is resolved."""

from collections.abc import Callable, Sequence
from datetime import datetime

from agent.domain.claim import Claim
from agent.domain.fix import Outcome, Result
from agent.domain.incident import Incident, IncidentState
from agent.fixes.verifying import LookedAgain, result_of
from agent.ports import KnowledgeBase
from blissful_infra.fixing.attempts import Attempt, Attempts
from blissful_infra.fixing.errors import FixNotApplicableError
from blissful_infra.fixing.repository import GitError, Repository

Looking = Callable[[datetime], LookedAgain]
"""Collects again what happened since a time, and reasons over it."""


def verify(
    attempt: Attempt,
    incident: Incident,
    causes: Sequence[Claim],
    *,
    attempts: Attempts,
    repository: Repository | None,
    knowledge: KnowledgeBase,
    look: Looking,
    now: Callable[[], datetime],
) -> Outcome:
    """The outcome, stored. A fix that nothing runs yet is `not-run`: looking again would judge something else."""
    if attempt.state != "applied":
        result, note = Result.NOT_RUN, "the fix was not applied"
    elif attempt.branch and (repository is None or not is_in_use(repository, attempt)):
        result, note = Result.NOT_RUN, f"the fix is on the branch {attempt.branch}, which is not merged or checked out"
    else:
        result, note = result_of(causes[0], causes, look(attempt.ended or attempt.at))
    outcome = Outcome(
        incident_id=incident.id,
        pattern=incident.pattern,
        fix_id=attempt.fix_id,
        result=result,
        at=now(),
        note=note[:500],
    )
    knowledge.add_outcome(outcome)
    if result is Result.RESOLVED and incident.state is IncidentState.OPEN:
        knowledge.close(incident.id, attempt.title, outcome.at)
    attempts.note(attempt, result=result.value)
    return outcome


def is_in_use(repository: Repository, attempt: Attempt) -> bool:
    """Whether what is checked out has the fix: its commit, or its change by another one (squashed, cherry-picked)."""
    if not attempt.commit:
        return False
    if repository.contains(attempt.commit):
        return True
    try:
        patch = repository.git(
            "diff", "--no-color", "--no-ext-diff", "--full-index", attempt.commit, f"{attempt.commit}^"
        )
        with repository.patched(repository.head, patch):
            return bool(patch)
    except (GitError, FixNotApplicableError):
        return False
