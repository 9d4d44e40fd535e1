"""From evidence to causes: lines of reasoning, each pure and small, and the ranking of their claims.

Belongs here: one package a line, listed in `LINES`, each a function from the investigation to claims; ranking and
confidence. Does not belong here: reading files, clocks, the network; what to do about a cause. No line knows another.
"""

from typing import Protocol

from agent.domain.claim import Claim
from agent.domain.investigation import Investigation
from agent.rca.changes import claims_of_changes
from agent.rca.cluster import claims_of_cluster
from agent.rca.health import claims_of_health
from agent.rca.jobs import claims_of_jobs
from agent.rca.logs import claims_of_logs
from agent.rca.metrics import claims_of_metrics
from agent.rca.stack import claims_of_stack
from agent.rca.traces import claims_of_traces


class Line(Protocol):
    """One line of reasoning: a function `claims_of_<line>`."""

    __name__: str

    def __call__(self, investigation: Investigation, /) -> tuple[Claim, ...]:
        """What it holds to be the cause, strongest first; empty where the evidence does not speak to it."""


LINES: tuple[Line, ...] = (
    claims_of_changes,
    claims_of_cluster,
    claims_of_jobs,
    claims_of_logs,
    claims_of_metrics,
    claims_of_traces,
    claims_of_stack,
    claims_of_health,
)
