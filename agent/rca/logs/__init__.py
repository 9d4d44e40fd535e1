"""What each component's log says anew: complaints and stack traces that were not there, or not so many, before.

Belongs here: which component began to complain, of itself or of another, and the line of code that a stack trace
names. Does not belong here: what a complaint means, which the signatures know. Without a time from which things went
wrong nothing is new, and this line is silent.
"""

from agent.domain.claim import Claim
from agent.domain.investigation import Investigation
from agent.rca.logs.complaints import complaints_of
from agent.rca.logs.telling import claim_of
from agent.rca.logs.weighing import suspects_of

CLAIMS = 6
PLENTY = 2.0
"""The weight of a stack trace that came ten times: less is held less strongly, even where nothing else is new."""


def claims_of_logs(investigation: Investigation) -> tuple[Claim, ...]:
    """One claim a component that new complaints are about, the likeliest first."""
    complaints = complaints_of(investigation)
    suspects = suspects_of(complaints)
    total = sum(suspect.weight for suspect in suspects)
    return tuple(
        claim_of(suspect, suspect.weight / total * min(1.0, suspect.weight / PLENTY)) for suspect in suspects[:CLAIMS]
    )
