"""One ranking of the claims of all lines: claims about one subject support each other, the most telling one speaks."""

from collections.abc import Iterable, Sequence
from urllib.parse import unquote

from agent.domain.claim import HEALTHY, NO_COMMIT, Claim
from agent.domain.diagnosis import RankedCause
from agent.domain.investigation import Investigation
from agent.rca.confidence import Calibration, confidence_of, features_of

FINDINGS = 10
WHERE = frozenset({"logs", "metrics", "traces"})
"""The lines that tell where: what they hold of one component adds up, since each sees another side of it."""
SYMPTOMS = frozenset(
    {"dependency-timeout", "dependency-unreachable", "slow-query", "application-error", "probe-failing"}
)
"""What is seen of many causes: where measurements show who began, it is their witness and no more."""
WHERE_ONLY = SYMPTOMS | {
    "added-latency", "request-errors", "load-change", "metric-anomaly", "network-fault", "crash-loop", "unknown",
    "rollout-stuck", "service-down",
}  # fmt: skip
"""Categories that say what is seen, not why."""
WITNESS = 0.4
OUTSIDE = 0.75
"""The weight of a stack's word that a service is down, beside its own log's words or a change that tell why."""
TELLING_STRENGTH = 0.7
UNANSWERED = 0.1
"""The most confidence of a finding that leaves open what was asked."""
SUPPORT = 0.3
"""How much of another line's weight on the same subject counts as support."""

LINE_WEIGHTS = {
    "changes": 1.0,
    "cluster": 1.0,
    "signatures": 0.9,
    "jobs": 1.0,
    "stack": 0.9,
    "logs": 0.5,
    "metrics": 0.7,
    "traces": 0.4,
    "health": 1.0,
}
"""A line that tells why goes before one that tells where only."""


_MEASURED = WHERE - {"logs"}


def ranked(claims: Iterable[Claim], investigation: Investigation, calibration: Calibration) -> tuple[RankedCause, ...]:
    """The causes, best first, at most `FINDINGS`; equal claims of one line about one subject are kept once."""
    pool = _first_of_each(claims)
    weights = dict(LINE_WEIGHTS)
    if "commit" in investigation.asks:
        weights["changes"] = 2.0
    scores = {id(claim): _score(claim, pool, weights) for claim in pool}
    asked = "commit" in investigation.asks
    ordered = sorted(
        pool,
        key=lambda claim: (
            asked and claim.commit is None,
            -scores[id(claim)],
            claim.line,
            claim.rule,
            claim.subject,
            claim.cause,
        ),
    )
    ordered = ordered[:FINDINGS]
    found: list[RankedCause] = []
    for place, claim in enumerate(ordered):
        lines = _lines_on(claim, pool)
        blameless = claim.commit == NO_COMMIT  # that others suspect the component too says nothing of its changes
        features = features_of(
            claim.strength,
            weights.get(claim.line, 0.5) * claim.strength if blameless else scores[id(claim)],
            max((scores[id(other)] for other in ordered[place + 1 :] if _rivals(claim, other)), default=0.0),
            agreeing=0 if blameless else len(lines) - 1,
            telling=claim.category not in WHERE_ONLY and claim.category != HEALTHY,
            own=any(_key(claim.subject) in unquote(quote.path).lower() for quote in claim.evidence),
        )
        confidence = confidence_of(features, calibration)
        if "commit" in investigation.asks and claim.commit is None:
            confidence = min(confidence, UNANSWERED)
        if found:
            confidence = min(confidence, found[-1].confidence, round(1 - found[0].confidence, 2))
        found.append(RankedCause(claim=claim, confidence=confidence, features=features, lines=lines))
    return tuple(found)


def _score(claim: Claim, pool: Sequence[Claim], weights: dict[str, float]) -> float:
    support: dict[str, float] = {}
    for other in pool:
        if other.line != claim.line and agree(other, claim):
            share = 1.0 if {other.line, claim.line} <= WHERE else SUPPORT
            value = share * weights.get(other.line, 0.5) * other.strength
            support[other.line] = max(support.get(other.line, 0.0), value)
    weight = weights.get(claim.line, 0.5)
    if claim.line == "signatures" and claim.category in SYMPTOMS and any(other.line in _MEASURED for other in pool):
        weight = WITNESS
    if claim.category == "service-down" and any(_tells_why(other, claim) for other in pool):
        weight *= OUTSIDE
    return weight * claim.strength + sum(support.values())


def _tells_why(other: Claim, claim: Claim) -> bool:
    return (
        other.line in {"signatures", "changes"}
        and other.strength >= TELLING_STRENGTH
        and other.category not in WHERE_ONLY
        and _same_subject(other, claim)
    )


def _lines_on(claim: Claim, pool: Sequence[Claim]) -> tuple[str, ...]:
    others = {other.line for other in pool if agree(other, claim)} - {claim.line}
    return (claim.line, *sorted(others))


def _rivals(claim: Claim, other: Claim) -> bool:
    """Whether not both can be the answer: another component, or two lines that tell why and do not agree."""
    if not agree(claim, other):
        return True
    return not {claim.line, other.line} & WHERE and claim.category != other.category


def agree(one: Claim, other: Claim) -> bool:
    """Whether both hold the same component, or both say of it that all is well."""
    return _same_subject(one, other) and (one.category == HEALTHY) == (other.category == HEALTHY)


def _same_subject(one: Claim, other: Claim) -> bool:
    return _key(one.subject) == _key(other.subject)


def _key(subject: str) -> str:
    return subject.rsplit("/", 1)[-1].lower()


def _first_of_each(claims: Iterable[Claim]) -> tuple[Claim, ...]:
    strongest: dict[tuple[str, str, str, str | None], Claim] = {}
    for claim in claims:
        key = (claim.line, claim.category, claim.subject, claim.commit)
        if key not in strongest or claim.strength > strongest[key].strength:
            strongest[key] = claim
    return tuple(strongest.values())
