"""The question was about a workload, and all that was seen of it is well now.

A weak claim by itself: what another line found goes before it, unless that turns out to be the past or another's
trouble (`agent.rca.settling`). Without it an answer could not tell "I looked, and it is fine" from "I saw nothing".
"""

import re

from agent.domain.claim import Claim
from agent.domain.investigation import Investigation
from agent.rca.standing import Seen, asked_of, is_calm, is_well, of_workload

NAMED = 3
QUOTES = 4
ASKS, TELLS = 1.0, 0.4
"""How strongly it is held when somebody asks whether all is well, and when somebody tells of a symptom."""
_WHETHER = re.compile(r"\b(?:is|are|was|were|does|do|did|can|could|has|have|why is|why are)\b[^.?!]*\?", re.IGNORECASE)


def claims_of_health(investigation: Investigation) -> tuple[Claim, ...]:
    """One claim when all that was asked about was seen, and is well: ready, or done, and its logs end in no failure."""
    asked = asked_of(investigation)
    if not asked or not all(is_well(investigation, name) and is_calm(investigation, name) for name in asked):
        return ()
    whether = _WHETHER.search(f"{investigation.title}. {investigation.alert}") is not None
    seen = of_workload(investigation, asked[0])
    if not whether and all(one.sight.kind == "service" for one in seen):
        return ()  # that a process answers says little against a symptom somebody saw
    return (_claim(asked[0], seen, ASKS if whether else TELLS),)


def _claim(workload: str, seen: list[Seen], strength: float) -> Claim:
    good = [one for one in seen if one.sight.well]
    names = sorted({one.sight.name for one in good if one.sight.kind == "pod"} or {one.sight.name for one in good})
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    restarts = max((one.sight.restarts for one in good), default=0)
    over = f"; {restarts} restart{'s' * (restarts > 1)} before, none since" if restarts else ""
    evidence = {(one.quote.path, one.quote.text): one.quote for one in sorted(good, key=_telling)}
    return Claim(
        line="health",
        rule="all-is-well",
        category="healthy",
        subject=workload,
        cause=f"{workload} seems healthy, no issue was found: {', '.join(names[:NAMED])}{more} {_state(good)}{over}.",
        strength=strength,
        evidence=tuple(evidence.values())[:QUOTES],
    )


def _telling(one: Seen) -> int:
    return ("owner", "job", "pod", "service").index(one.sight.kind)


def _state(good: list[Seen]) -> str:
    kinds = {one.sight.kind for one in good}
    if kinds == {"service"}:
        return "healthy by what the stack itself says"
    if all(one.sight.done for one in good):
        return "completed"
    return "Running and ready"
