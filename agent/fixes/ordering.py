"""Which fix comes first: what helped this team against this pattern before, then what fits best at the least risk."""

from collections.abc import Sequence

from agent.domain.fix import Fix, PlaybookFix, Risk
from agent.domain.incident import SuccessRate

_PRIORS = {Risk.LOW: 0.5, Risk.MEDIUM: 0.4, Risk.HIGH: 0.2}
_BY_MODEL = 0.25
_PASSING = 0.35
"""Of a playbook: what it mends comes again where the cause is in the files."""
WEIGHT = 2
"""How many tries a guess is worth: after a few outcomes the team's own figures decide."""


def ordered(fixes: Sequence[Fix], rates: Sequence[SuccessRate], known_to_help: Sequence[str] = ()) -> tuple[Fix, ...]:
    """The fixes with the best chance first; of equal ones, those that the cause's pattern names."""
    known = {rate.fix_id: rate for rate in rates}
    places = {fix_id: place for place, fix_id in enumerate(known_to_help)}
    return tuple(sorted(fixes, key=lambda fix: (-chance_of(fix, known.get(fix.id)), places.get(fix.id, len(places)))))


def chance_of(fix: Fix, rate: SuccessRate | None) -> float:
    """The expected share of successes, from a guess and the team's outcomes.

    Never tried it is the guess; after 9 successes of 10 it is close to 0.9.
    """
    guess = _BY_MODEL if fix.by_model else _PRIORS[fix.risk]
    if isinstance(fix.action, PlaybookFix):
        guess = min(guess, _PASSING)
    tried, resolved = (rate.tried, rate.resolved) if rate else (0, 0)
    return (resolved + WEIGHT * guess) / (tried + WEIGHT)
