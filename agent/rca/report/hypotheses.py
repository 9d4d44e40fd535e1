"""Each ranked cause beside its rivals: what else holds it, what speaks against it, and what would settle it."""

import dataclasses
from collections.abc import Iterator, Sequence

from agent.domain.claim import HEALTHY, Claim, Missing, Statement
from agent.domain.diagnosis import RankedCause
from agent.domain.investigation import Investigation
from agent.normalize.kubernetes.describe import workload_of
from agent.rca.periods import onset_in
from agent.rca.rank import agree

EACH = 4
"""Statements of one kind on one cause."""
WORDS = 30


def weighed(
    causes: Sequence[RankedCause], claims: Sequence[Claim], investigation: Investigation
) -> tuple[RankedCause, ...]:
    """The causes with statements for and against, and what is missing; `claims` are all that were backed."""
    return tuple(
        dataclasses.replace(
            cause,
            supports=tuple(_supports(cause, claims))[:EACH],
            against=tuple(_against(cause, causes, claims, investigation))[:EACH],
            missing=tuple(dict.fromkeys(_missing(cause, investigation)))[: EACH + 2],
        )
        for cause in causes
    )


def _supports(cause: RankedCause, claims: Sequence[Claim]) -> Iterator[Statement]:
    lines: set[str] = set()
    for other in claims:
        if other.line != cause.claim.line and agree(other, cause.claim) and other.line not in lines:
            lines.add(other.line)
            yield Statement(f"{other.line}: {_short(other.cause)}", other.evidence[:1])


def _against(
    cause: RankedCause, causes: Sequence[RankedCause], claims: Sequence[Claim], investigation: Investigation
) -> Iterator[Statement]:
    claim = cause.claim
    onset = onset_in(investigation)
    commit = next((one for one in investigation.commits if claim.commit and one.sha == claim.commit), None)
    if commit is not None and onset is not None and commit.at.timestamp() > onset:
        yield Statement(f"commit {commit.sha[:9]} was made at {commit.at:%H:%M:%S}, after it began")
    series = [one for one in investigation.series if one.subject == claim.subject]
    measured = any(other.line == "metrics" for other in claims)
    if series and measured and not any(other.line == "metrics" and _same(other, claim) for other in claims):
        yield Statement(
            f"none of the {len(series)} metrics of {claim.subject} is among those that left their range most"
        )
    for line in ("metrics", "traces", "logs"):
        first = next((other for other in claims if other.line == line), None)
        if first is not None and not _same(first, claim) and line != claim.line:
            yield Statement(f"{line} rather point at {first.subject}: {_short(first.cause)}", first.evidence[:1])
    rival = next((one for one in causes if one is not cause and not agree(one.claim, claim)), None)
    if rival is not None and rival.claim.line not in {"metrics", "traces", "logs"}:
        told = _short(rival.claim.cause)
        if not _same(rival.claim, claim):
            told = f"{rival.claim.subject} may be it: {told}"
        yield Statement(told, rival.claim.evidence[:1])


def _missing(cause: RankedCause, investigation: Investigation) -> Iterator[Missing]:
    claim = cause.claim
    subject = claim.subject.rsplit("/", 1)[-1]
    for command in claim.confirm:
        yield Missing("what would confirm it", command)
    cluster = bool(investigation.kubernetes)
    logs = [log for log in investigation.logs if workload_of(log.subject) == workload_of(subject)]
    if not logs and not investigation.jobs and claim.category != HEALTHY:
        yield Missing(
            f"the log of {subject}",
            f"kubectl logs deploy/{subject} --since=1h" if cluster else f"blissful-infra logs {subject}",
        )
    crashed = claim.category in {"crash-loop", "oom-killed", "application-error"}
    if cluster and crashed and not any(log.previous for log in logs):
        yield Missing("the log of the container's former run", f"kubectl logs deploy/{subject} --previous")
    if claim.category == "oom-killed":
        yield Missing(f"how the memory of {subject} grew", f"kubectl top pod --containers | grep {subject}")
    if not investigation.series and not investigation.jobs and not cluster:
        yield Missing(f"metrics of {subject}", "blissful-infra analyze --env NAME (with Prometheus)")
    if not investigation.commits and not investigation.jobs and claim.line not in {"cluster", "health"}:
        yield Missing("what was changed before", "git log --since=2.days --stat")
    if claim.line in {"metrics", "logs"} and not investigation.spans:
        yield Missing(f"whether {subject} is slow by itself or waits for another", "traces of the time since onset")


def _same(one: Claim, other: Claim) -> bool:
    return one.subject.rsplit("/", 1)[-1].lower() == other.subject.rsplit("/", 1)[-1].lower()


def _short(cause: str) -> str:
    words = cause.split()
    return " ".join(words[:WORDS]) + (" ..." if len(words) > WORDS else "")
