"""Fixes, attempts and outcomes: as text for people, and as the documents of schemas/fix-*.v1.json."""

from collections.abc import Iterator
from typing import Any

import click

from agent.domain.fix import Fix, Outcome, PatchFix
from agent.domain.incident import Incident, SuccessRate
from agent.fixes.proven import is_proven
from agent.normalize.neutral import neutral
from blissful_infra.fixing.attempts import Attempt
from blissful_infra.fixing.suggesting import Suggested

_COLOURS = {"+": "green", "-": "red", "@": "cyan"}


def lines_of(found: Suggested, *, whole: bool = True) -> Iterator[str]:
    """The incident, then each fix with why, risk and what it did for this team; the first one's change is shown."""
    yield f"{found.incident.id}  {click.style(neutral(found.incident.title), bold=True)}"
    yield f"CAUSE       {neutral(found.cause.cause)}"
    yield f"CATEGORY    {found.cause.category}"
    yield f"SUBJECT     {neutral(found.cause.subject)}"
    if not found.fixes:
        yield ""
        yield "No fix is known for this cause."
    for number, fix in enumerate(found.fixes):
        yield ""
        yield f"{number + 1}. {click.style(neutral(fix.title), bold=True)}"
        yield f"   {click.style(fix.id, fg='cyan')}  {told(fix, found.rate(fix))}"
        yield click.style(f"   {neutral(fix.why)}", dim=True)
        if whole and number == 0:
            yield from change_of(fix)


def told(fix: Fix, rate: SuccessRate | None) -> str:
    """Risk, reversibility and success in a line."""
    parts = [f"risk {fix.risk.value}", "can be undone" if fix.reversible else "cannot be undone"]
    if rate and rate.tried:
        parts.append(f"helped {rate.resolved} of {rate.tried} times")
    if fix.by_model:
        parts.append("drafted by a language model")
    return ", ".join(parts)


def change_of(fix: Fix) -> Iterator[str]:
    """The diff, or the playbook as it can be run by hand."""
    yield ""
    if isinstance(fix.action, PatchFix):
        for line in fix.action.patch.splitlines():
            colour = None if line.startswith(("+++", "---")) else _COLOURS.get(line[:1])
            yield click.style(f"   {neutral(line)}", fg=colour)
        return
    variables = "".join(f" -e {name}={value}" for name, value in fix.action.variables.items())
    yield f"   ansible-playbook playbooks/{fix.action.playbook} -i blissful-infra.yaml{variables}"


def suggestion_line(fix: Fix, rate: SuccessRate | None) -> str:
    """The line with which `analyze` ends."""
    if isinstance(fix.action, PatchFix) and not fix.by_model:
        mark = "[AUTO-FIX AVAILABLE]"
    else:
        mark = "[DRAFT BY A MODEL]" if fix.by_model else "[PLAYBOOK AVAILABLE]"
    helped = f" (helped {rate.resolved} of {rate.tried} times)" if rate and rate.tried else ""
    return f"{mark} {neutral(fix.title)}{helped}"


def shape_of_fix(fix: Fix, rate: SuccessRate | None) -> dict[str, Any]:
    """One fix, as in schemas/analyze.v1.json, and whether it is proven."""
    patch = fix.action if isinstance(fix.action, PatchFix) else None
    playbook = None if isinstance(fix.action, PatchFix) else fix.action
    return {
        "id": fix.id,
        "title": fix.title,
        "why": fix.why,
        "kind": "patch" if patch else "playbook",
        "playbook": playbook.playbook if playbook else None,
        "variables": dict(playbook.variables) if playbook else {},
        "patch": patch.patch if patch else None,
        "base": patch.base if patch else None,
        "risk": fix.risk.value,
        "reversible": fix.reversible,
        "by_model": fix.by_model,
        "tried": rate.tried if rate else 0,
        "resolved": rate.resolved if rate else 0,
        "proven": is_proven(fix, rate),
    }


def shape_of_incident(incident: Incident) -> dict[str, Any]:
    """The incident that a fix is for."""
    return {
        "id": incident.id,
        "title": incident.title,
        "category": incident.category,
        "subject": incident.subject,
        "cause": incident.cause,
        "state": incident.state.value,
    }


def shape_of_attempt(attempt: Attempt) -> dict[str, Any]:
    """One line of the journal of fixes."""
    return {
        "id": attempt.id,
        "fix": attempt.fix_id,
        "at": _time(attempt.at.isoformat(timespec="seconds")),
        "state": attempt.state,
        "branch": attempt.branch or None,
        "commit": attempt.commit or None,
        "run_id": attempt.run_id or None,
        "result": attempt.result or None,
        "pull_request": attempt.url or None,
    }


def shape_of_outcome(outcome: Outcome) -> dict[str, Any]:
    """What was seen after the fix."""
    return {
        "fix": outcome.fix_id,
        "pattern": outcome.pattern,
        "result": outcome.result.value,
        "note": outcome.note,
        "at": _time(outcome.at.isoformat(timespec="seconds")),
    }


def _time(iso: str) -> str:
    return iso.replace("+00:00", "Z")
