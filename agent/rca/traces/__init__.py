"""What the spans say: which component takes longer by itself, and where errors begin.

Belongs here: time spent in a span but not in those it called, errors without an erring callee, and the ranking by
both. Does not belong here: why; a span's error text is quoted, and read by the lines that know texts.
"""

from agent.domain.claim import Claim
from agent.domain.investigation import Investigation
from agent.rca.call_graph import parents_of
from agent.rca.traces.own_work import steps_of
from agent.rca.traces.telling import claim_of
from agent.rca.traces.weighing import suspects_of

CLAIMS = 6


def claims_of_traces(investigation: Investigation) -> tuple[Claim, ...]:
    """One claim a component that slowed down or began to fail by itself, the likeliest first."""
    steps = steps_of(investigation.spans, parents_of(investigation.spans))
    suspects = suspects_of(steps, investigation)
    total = sum(suspect.weight for suspect in suspects)
    claims = (claim_of(suspect, suspect.weight / total, investigation) for suspect in suspects[:CLAIMS])
    return tuple(claim for claim in claims if claim is not None)
