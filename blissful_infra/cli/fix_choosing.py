"""Which incident and which fix a `fix` command is about, and the question before it is applied."""

from dataclasses import dataclass
from typing import Any

from agent.domain.fix import Fix
from agent.domain.incident import Incident, IncidentState
from agent.fixes.proven import is_proven
from blissful_infra.cli.asking import agreed
from blissful_infra.cli.fix_applying import Applied, apply, check, look_again, show
from blissful_infra.cli.fix_text import shape_of_attempt, shape_of_fix, shape_of_incident, shape_of_outcome
from blissful_infra.cli.fixing import FixSession, fix_session
from blissful_infra.cli.output import say
from blissful_infra.errors import UsageError
from blissful_infra.fixing.errors import NoFixError
from blissful_infra.fixing.suggesting import Drafting, Suggested, incident_in


@dataclass(frozen=True, slots=True)
class Asked:
    """What `fix apply` was called with."""

    incident: str | None = None
    fix_id: str | None = None
    proven: bool = False
    draft: bool = False
    yes: bool = False
    no_input: bool = False
    dry_run: bool = False


def drafting_of(session: FixSession, *, draft: bool, no_input: bool) -> Drafting | None:
    """What asks the model, where a draft is wanted."""
    if not draft:
        return None
    from blissful_infra.cli.fix_drafting import drafting_for

    return drafting_for(session.project, no_input=no_input)


def applied_of(asked: Asked) -> list[dict[str, Any]]:
    """Apply one fix, or with `proven` those that mostly helped; what was done, as data."""
    done = []
    with fix_session(changing=not asked.dry_run) as session:
        for found, fix in _chosen(session, asked):
            show(found, fix)
            applied = Applied(fix)
            if asked.dry_run:
                check(session, fix)
            elif agreed("Apply it?", yes=asked.yes, no_input=asked.no_input, command="blissful-infra fix apply --yes"):
                applied = apply(session, found, fix)
            else:
                say("Nothing was changed.")
            done.append(_shape(found, applied))
    return done


def verified_of(incident: str | None) -> tuple[dict[str, Any], dict[str, Any]]:
    """Look again after the last attempt of an incident."""
    with fix_session(changing=True) as session:
        found = session.suggested_for(attempted_incident(session, incident))
        attempt = session.attempts.of(found.incident.id)[-1]
        outcome = look_again(session, found, attempt)
    return shape_of_attempt(attempt), shape_of_outcome(outcome)


def attempted_incident(session: FixSession, wanted: str | None) -> Incident:
    """The incident of this id, or the one that a fix was tried on last. Raises `NoFixError`."""
    if wanted is not None:
        incident = incident_in(session.knowledge, wanted)
        if session.attempts.of(incident.id):
            return incident
    else:
        for attempt in reversed(session.attempts.all()):
            if (known := session.knowledge.incident(attempt.incident_id)) is not None:
                return known
    raise NoFixError(
        "no fix was applied to this incident yet" if wanted else "no fix was applied yet",
        hint=f"`blissful-infra fix apply{f' {wanted}' if wanted else ''}`",
    )


def _chosen(session: FixSession, asked: Asked) -> list[tuple[Suggested, Fix]]:
    if not asked.proven:
        drafting = drafting_of(session, draft=asked.draft, no_input=asked.no_input)
        found = session.suggested(asked.incident, drafting)
        return [(found, found.fix(asked.fix_id))]
    if asked.incident or asked.fix_id or asked.draft:
        raise UsageError("--proven chooses incidents and fixes itself", hint="leave INCIDENT, --fix and --draft out")
    if not session.project.settings.config.agent.auto_fix:
        raise UsageError(
            "--proven needs `agent.auto_fix: true` in blissful-infra.yaml",
            hint="without it, `fix apply` applies one fix",
        )
    chosen = []
    for one in session.knowledge.incidents(state=IncidentState.OPEN.value):
        found = session.suggested_for(one)
        fix = next((fix for fix in found.fixes if is_proven(fix, found.rate(fix))), None)
        if fix is not None and not any(attempt.fix_id == fix.id for attempt in session.attempts.of(one.id)):
            chosen.append((found, fix))
    if not chosen:
        say("No open incident has a fix that is proven and not tried yet.")
    return chosen


def _shape(found: Suggested, done: Applied) -> dict[str, Any]:
    return {
        "incident": shape_of_incident(found.incident),
        "fix": shape_of_fix(done.fix, found.rate(done.fix)),
        "attempt": shape_of_attempt(done.attempt) if done.attempt else None,
        "outcome": shape_of_outcome(done.outcome) if done.outcome else None,
    }
