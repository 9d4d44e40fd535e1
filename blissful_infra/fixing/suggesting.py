"""An incident with the fixes there are for it, in the order in which this team should try them."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from agent.domain.claim import Claim
from agent.domain.fix import Fix, PatchFix
from agent.domain.incident import Incident, IncidentState, SuccessRate
from agent.domain.project import ProjectFiles
from agent.fixes import fixes_for
from agent.fixes.ordering import ordered
from agent.fixes.reports import claims_in
from agent.ports import KnowledgeBase
from blissful_infra.fixing.branching import refuse_bad
from blissful_infra.fixing.errors import FixNotApplicableError, NoFixError
from blissful_infra.fixing.project_reading import project_files
from blissful_infra.fixing.repository import Repository

Drafting = Callable[[Claim, ProjectFiles], Fix | None]
"""Asks a model for a diff; `None` where there is none that can be used."""


@dataclass(frozen=True, slots=True)
class Suggested:
    """The first cause of an incident, all causes that its report has, and the fixes for the first, best first."""

    incident: Incident
    cause: Claim
    causes: tuple[Claim, ...]
    fixes: tuple[Fix, ...]
    rates: tuple[SuccessRate, ...]

    def fix(self, id_: str | None) -> Fix:
        """The fix of this id, or the first. Raises `NoFixError`."""
        found = next((fix for fix in self.fixes if id_ in {None, fix.id}), None)
        if found is None:
            ids = ", ".join(fix.id for fix in self.fixes)
            raise NoFixError(
                f"there is no fix {id_!r} for this incident" if id_ else "there is no fix for this incident",
                hint=f"there are {ids}" if ids else "`blissful-infra analyze` tells what is known of it",
                context={"incident": f"{self.incident.id}: {self.incident.title}"},
            )
        return found

    def rate(self, fix: Fix) -> SuccessRate | None:
        """How often this fix helped against this incident's pattern."""
        return next((rate for rate in self.rates if rate.fix_id == fix.id), None)


def incident_in(knowledge: KnowledgeBase, wanted: str | None) -> Incident:
    """The incident of this id, or the open one seen last. Raises `NoFixError`."""
    if wanted is None:
        found = next(iter(knowledge.incidents(state=IncidentState.OPEN.value, limit=1)), None)
        if found is None:
            raise NoFixError("no open incident is remembered", hint="`blissful-infra analyze` looks for one")
        return found
    named = knowledge.incident(wanted)
    if named is None:
        raise NoFixError(f"no incident {wanted!r} is remembered", hint="`blissful-infra incidents list` shows them")
    return named


def suggested(
    incident: Incident,
    knowledge: KnowledgeBase,
    repository: Repository | None,
    *,
    services: Sequence[str] = (),
    drafting: Drafting | None = None,
) -> Suggested:
    """The fixes for a remembered incident. Raises `NoFixError` where its report cannot be read."""
    try:
        report = json.loads(incident.report)
    except (ValueError, RecursionError):
        report = None
    causes = claims_in(report) if isinstance(report, dict) else ()
    if not causes:
        raise NoFixError(f"the report of incident {incident.id} names no cause", hint="`blissful-infra analyze`")
    rates = knowledge.success_rates(incident.pattern)
    fixes = fixes_of(causes[0], rates, repository, services=services, drafting=drafting)
    return Suggested(incident, causes[0], causes, fixes, rates)


def fixes_of(
    cause: Claim,
    rates: Sequence[SuccessRate],
    repository: Repository | None,
    *,
    services: Sequence[str] = (),
    drafting: Drafting | None = None,
) -> tuple[Fix, ...]:
    """The fixes for a cause; of diffs, those that git applies and whose files parse. Without git, playbooks only."""
    if repository is None:
        return fixes_for(cause, ProjectFiles(base="", texts={}, services=tuple(services)), rates)
    files = project_files(repository, culprit=cause.commit, services=tuple(services))
    found = [*fixes_for(cause, files)]
    if drafting is not None and (drafted := drafting(cause, files)):
        found.append(drafted)
    return ordered([fix for fix in found if _applies(repository, fix)], rates)


def _applies(repository: Repository, fix: Fix) -> bool:
    try:
        return not isinstance(fix.action, PatchFix) or bool(refuse_bad(repository, fix.action))
    except FixNotApplicableError:
        return False
