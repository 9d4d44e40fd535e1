"""Whether a fix helped this team often enough to be offered first without being named."""

from agent.domain.fix import Fix
from agent.domain.incident import SuccessRate

ENOUGH_TRIES = 5
SUCCESS = 0.8


def is_proven(fix: Fix, rate: SuccessRate | None) -> bool:
    """At least five outcomes against this pattern, four in five of them good; never a model's draft."""
    return (
        rate is not None
        and not fix.by_model
        and fix.reversible
        and rate.tried >= ENOUGH_TRIES
        and rate.resolved >= SUCCESS * rate.tried
    )
