"""How `analyze` ends: the fix that may help against the first cause, and the question whether to apply it."""

import dataclasses
import sys
from collections.abc import Iterator

import click

from agent.domain.claim import HEALTHY
from agent.domain.diagnosis import Diagnosis
from agent.domain.fix import Fix, PatchFix
from agent.domain.incident import Incident, SuccessRate
from agent.errors import BlissfulError
from agent.rca.incidents import pattern_of
from blissful_infra.cli.fix_applying import apply, show
from blissful_infra.cli.fix_proposing import opened
from blissful_infra.cli.fix_text import suggestion_line
from blissful_infra.cli.fixing import fix_session, services_of
from blissful_infra.cli.output import say
from blissful_infra.fixing.errors import NoRepositoryError
from blissful_infra.fixing.repository import Repository
from blissful_infra.fixing.suggesting import fixes_of
from blissful_infra.stacks.planning import Project


def with_fixes(diagnosis: Diagnosis, project: Project | None) -> Diagnosis:
    """The diagnosis with the fixes for its first cause; what cannot be told costs the fixes, not the diagnosis."""
    if project is None or not diagnosis.findings or diagnosis.findings[0].claim.category == HEALTHY:
        return diagnosis
    first, *others = diagnosis.findings
    try:
        repository: Repository | None = Repository(project.folder)
    except NoRepositoryError:
        repository = None
    try:
        fixes = fixes_of(first.claim, _rates(diagnosis), repository, services=services_of(project))
    except BlissfulError as error:
        return dataclasses.replace(diagnosis, gaps=(*diagnosis.gaps, f"fixes could not be told: {error.message}"))
    return dataclasses.replace(diagnosis, findings=(dataclasses.replace(first, fixes=fixes), *others))


def suggestion_lines(diagnosis: Diagnosis) -> Iterator[str]:
    """`Suggested fix: [AUTO-FIX AVAILABLE] ...`, or nothing."""
    for fix in _fixes(diagnosis)[:1]:
        yield ""
        yield "Suggested fix:"
        yield f"  {suggestion_line(fix, _rate(fix, diagnosis))}"


def offer(diagnosis: Diagnosis, incident: Incident | None, *, no_input: bool) -> None:
    """Ask on a terminal whether to apply the first fix and open its pull request; elsewhere say how."""
    fixes = _fixes(diagnosis)
    if incident is None or not fixes:
        return
    short = incident.id[:8]
    if no_input or not all(stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr)):
        say(f"`blissful-infra fix show {short}` shows it, `blissful-infra fix apply {short}` applies it")
        return
    is_patch = isinstance(fixes[0].action, PatchFix)
    with fix_session(changing=True) as session:
        found = session.suggested_for(incident)
        fix = found.fix(fixes[0].id)
        show(found, fix)
        if not click.confirm("Apply fix and create PR?" if is_patch else "Apply fix?", default=False, err=True):
            return
        apply(session, found, fix)
        if is_patch:
            try:
                opened(session, incident, yes=False, no_input=False, dry_run=False, asked=True)
            except BlissfulError as error:
                say(f"No pull request: {error.message}", style="yellow")
                say(f"  hint: {error.hint}" if error.hint else f"  `blissful-infra fix pr {short}` tries again")


def _fixes(diagnosis: Diagnosis) -> tuple[Fix, ...]:
    return diagnosis.findings[0].fixes if diagnosis.findings else ()


def _rates(diagnosis: Diagnosis) -> tuple[SuccessRate, ...]:
    """Those against the first cause's pattern."""
    claim = diagnosis.findings[0].claim
    return tuple(rate for rate in diagnosis.rates if rate.pattern == pattern_of(claim.category, claim.rule))


def _rate(fix: Fix, diagnosis: Diagnosis) -> SuccessRate | None:
    return next((rate for rate in _rates(diagnosis) if rate.fix_id == fix.id), None)
