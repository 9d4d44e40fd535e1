"""What the metrics say: the component, and the metric, where the fault is.

Belongs here: metric kinds, normal ranges, onset, and the ranking with and without a call graph. Does not belong here:
why the component is at fault, which only texts and changes can tell.
"""

import dataclasses

from agent.domain.claim import Claim
from agent.domain.investigation import Investigation
from agent.rca.metrics.asked import subject_asked
from agent.rca.metrics.by_graph import claims_by_graph
from agent.rca.metrics.by_score import claims_by_score
from agent.rca.periods import periods_of

CALM_ALERT = 0.6
"""What remains of a score when the component that alerted was measured and is as usual: nothing leads to the others."""


def claims_of_metrics(investigation: Investigation) -> tuple[Claim, ...]:
    """The suspects by the call graph where there is one and the alert shows on it, else by score."""
    periods = periods_of(investigation)
    if periods is None:
        return ()
    by_graph = claims_by_graph(investigation, periods) if investigation.edges else ()
    if by_graph:
        return by_graph
    claims = claims_by_score(investigation)
    if investigation.edges and subject_asked(investigation, {one.subject for one in investigation.series}):
        return tuple(dataclasses.replace(claim, strength=round(claim.strength * CALM_ALERT, 4)) for claim in claims)
    return claims
