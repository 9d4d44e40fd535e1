"""Which component the new complaints are about."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from agent.rca.logs.complaints import Complaint

SURGE = 4.0
"""Times as often as before from which a complaint that was always there counts as new."""
FEWEST_OLD = 5
FEW = 2.0
"""So few lines may be missing before by chance."""
NEW_TRACE = 0.5
TRACE, OWN, ABOUT = 1.0, 0.5, 0.5
"""What a complaint weighs: with a stack trace of one's own, plain, and the part that goes to whom it names."""
ITSELF = 0.15
"""The part that stays with the one who complains of another."""


@dataclass(slots=True)
class Suspect:
    """A component with the complaints that are about it, the heaviest first."""

    service: str
    weight: float = 0.0
    complaints: list[tuple[float, Complaint]] = field(default_factory=list)


def suspects_of(complaints: Sequence[Complaint]) -> list[Suspect]:
    """The suspects, the heaviest first."""
    found: dict[str, Suspect] = {}
    for one in complaints:
        newness = newness_of(one)
        if newness <= 0:
            continue
        size = newness * (1 + math.log10(one.count))
        if one.about:
            _add(found, one.about, size * ABOUT, one)
            _add(found, one.subject, size * ITSELF, one)
        else:
            _add(found, one.subject, size * (TRACE if one.frame else OWN), one)
    for suspect in found.values():
        suspect.complaints.sort(key=lambda pair: (-pair[0], pair[1].path, pair[1].template))
        weights = [weight for weight, _ in suspect.complaints]
        suspect.weight = weights[0] + 0.25 * sum(weights[1:4])
    return sorted(found.values(), key=lambda suspect: (-suspect.weight, suspect.service))


def newness_of(complaint: Complaint) -> float:
    """Near 1 for what was never there before although there was time, less for what was, 0 for what goes on as ever."""
    if complaint.before == 0:
        chance = 1 - math.exp(-complaint.expected / FEW)
        return max(chance, NEW_TRACE if complaint.frame else 0.0)
    if complaint.count < FEWEST_OLD or complaint.rate < SURGE * complaint.rate_before:
        return 0.0
    return 0.6


def _add(found: dict[str, Suspect], service: str, weight: float, complaint: Complaint) -> None:
    found.setdefault(service, Suspect(service)).complaints.append((weight, complaint))
