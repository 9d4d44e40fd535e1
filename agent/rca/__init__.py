"""From evidence to causes: lines of reasoning, each pure and small, and the ranking of their claims.

Belongs here: one package a line, listed in `LINES`, each a function from the investigation to claims; ranking and
confidence. Does not belong here: reading files, clocks, the network; what to do about a cause. No line knows another.
"""

from collections.abc import Callable

from agent.domain.claim import Claim
from agent.domain.investigation import Investigation
from agent.rca.metrics import claims_of_metrics
from agent.rca.traces import claims_of_traces

Line = Callable[[Investigation], tuple[Claim, ...]]

LINES: tuple[Line, ...] = (claims_of_metrics, claims_of_traces)
