"""From a cause to what may help against it: playbooks with variables, and diffs against a commit, the best first.

Belongs here: one file a fixer, listed in `FIXERS`, each a function from a cause and a project's texts to fixes;
making diffs; ordering. Does not belong here: reading files, running git or a playbook, asking anybody. A fixer that
cannot tell what the right value is gives no fix: values come from the project itself.
"""

from collections.abc import Iterator, Sequence
from typing import Protocol

from agent.domain.claim import Claim
from agent.domain.fix import Fix
from agent.domain.incident import SuccessRate
from agent.domain.project import ProjectFiles
from agent.fixes.capacity import raise_capacity
from agent.fixes.dependency_pins import mend_pin
from agent.fixes.image_tag import correct_image_tag
from agent.fixes.invalid_setting import correct_setting
from agent.fixes.memory_limit import raise_memory_limit
from agent.fixes.missing_setting import add_missing_setting
from agent.fixes.ordering import ordered
from agent.fixes.playbooks import run_playbook
from agent.fixes.probes import mend_probe
from agent.fixes.project import Project
from agent.fixes.revert import revert_commit
from agent.fixes.selectors import mend_service
from agent.fixes.unbounded_cache import bound_cache


class Fixer(Protocol):
    """One kind of fix."""

    __name__: str

    def __call__(self, cause: Claim, project: Project, /) -> Iterator[Fix]:
        """The fixes it has for this cause; none where the cause is not its own."""


FIXERS: tuple[Fixer, ...] = (
    bound_cache,
    raise_memory_limit,
    mend_probe,
    correct_image_tag,
    add_missing_setting,
    correct_setting,
    mend_service,
    raise_capacity,
    mend_pin,
    revert_commit,
    run_playbook,
)


def fixes_for(cause: Claim, project_files: ProjectFiles, rates: Sequence[SuccessRate] = ()) -> tuple[Fix, ...]:
    """The fixes for a cause, the best first, each id once. `rates` are this team's, for the cause's pattern."""
    project = Project(project_files)
    found: dict[str, Fix] = {}
    for fixer in FIXERS:
        for fix in fixer(cause, project):
            found.setdefault(fix.id, fix)
    return ordered(tuple(found.values()), rates, known_to_help=cause.fixes)
