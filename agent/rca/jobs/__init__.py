"""Why a CI job failed, from its raw log.

Belongs here: finding the step that failed, and what each family of tools writes when it fails. Does not belong here:
reading the log's file, or the failures of what was deployed.
"""

from agent.domain.claim import Claim
from agent.domain.investigation import Investigation
from agent.rca.jobs.checkers import CHECKERS
from agent.rca.jobs.compilers import COMPILERS
from agent.rca.jobs.dependencies import DEPENDENCIES
from agent.rca.jobs.fallback import FALLBACK, by_what_is_called
from agent.rca.jobs.job import job_of
from agent.rca.jobs.rule import Rule, finds_of
from agent.rca.jobs.surroundings import SURROUNDINGS
from agent.rca.jobs.telling import claim_of
from agent.rca.jobs.tests import TESTS

RULES: tuple[Rule, ...] = (*TESTS, *COMPILERS, *CHECKERS, *DEPENDENCIES, *SURROUNDINGS, *FALLBACK)
CLAIMS = 3


def claims_of_jobs(investigation: Investigation) -> tuple[Claim, ...]:
    """The likeliest reasons of each failed job, the best first."""
    claims = []
    for log in investigation.jobs:
        job = job_of(log)
        claims += [claim_of(job, by_what_is_called(job, find)) for find in finds_of(job, RULES)[:CLAIMS]]
    return tuple(claims)
