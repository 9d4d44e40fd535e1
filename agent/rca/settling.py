"""Which claims are the past or another's trouble, where what was asked about is well now; they are told as remarks.

A pull that failed before the image came, a probe before the start was over, a try of a job that a later one made good:
each was true, and none is what is wrong. Objects that do not fit each other, changes and measurements stay as they are.
"""

import dataclasses
import re
from collections.abc import Sequence

from agent.domain.claim import Claim, Statement
from agent.domain.investigation import Investigation
from agent.normalize.kubernetes.describe import workload_of
from agent.normalize.kubernetes.sights import seconds_of
from agent.rca.standing import asked_of, is_calm, is_well, of_workload, sights

PAST, ASIDE = 0.3, 0.4
"""What a claim keeps of its strength that is the past, and one about a component that has no part in the question."""
DOUBT = 0.1
"""What the claim that all is well keeps beside a finding that stands."""
SYMPTOM = 0.5
"""What a failing probe keeps beside a crash whose reason is known."""
EXPLAINED = 0.6
_CRASHES = frozenset({"container-crashes", "container-out-of-memory", "command-fails", "container-not-started"})
REMARKS = 3
WORDS = 24
_STATES = frozenset({"container-crashes", "image-not-pulled", "container-not-created", "container-not-started",
                     "command-fails"})  # fmt: skip
_LASTING = frozenset(
    {"autoscaler", "ingress-backend", "service-selector", "access-denied", "api-version", "node-lost", "oom-killed",
     "certificate-expired", "port-mismatch", "disk-full", "node-pressure", "rate-limited", "slow-consumer",
     "network-policy"}
)  # fmt: skip
"""Categories that a ready pod says nothing about."""
_OWNED = frozenset({"quota-exceeded", "admission-denied", "service-account-missing", "rollout-stuck"})
"""Categories that keep pods from being made: over only when the one that makes them has all it wants."""
_EVENT = re.compile(r"^\W*(?:\S+\s+)?(?:Warning|Normal)\s")
_POD = re.compile(r"\bpods?/(?P<name>[a-z0-9][a-z0-9.-]*[a-z0-9])")
_REPEATED = re.compile(r"(?P<last>\w+) \(x(?P<times>\d+) over (?P<whole>\w+)\)")
MANY = 4
"""Times an event came from which its rhythm says whether it goes on."""
RHYTHM = 3.0


def settled(claims: Sequence[Claim], investigation: Investigation) -> tuple[Claim, ...]:
    """The claims with what is past or aside weakened; where nothing else stands, all is well, with remarks, alone."""
    asked = asked_of(investigation)
    healthy = any(claim.line == "health" for claim in claims)
    judged: list[Claim] = []
    over: list[Claim] = []
    for claim in claims:
        if claim.line == "health":
            continue
        if _past(claim, investigation):
            over.append(claim)
            judged.append(dataclasses.replace(claim, strength=round(claim.strength * PAST, 4)))
        elif healthy and _aside(claim, asked, investigation):
            over.append(claim)
            judged.append(dataclasses.replace(claim, strength=round(claim.strength * ASIDE, 4)))
        else:
            judged.append(claim)
    judged = [_of_a_crash(claim, claims) for claim in judged]
    well = [claim for claim in claims if claim.line == "health"]
    if well and len(over) == len(judged):
        return tuple(dataclasses.replace(claim, against=_remarks(over)) for claim in well)
    judged += [dataclasses.replace(claim, strength=round(claim.strength * DOUBT, 4)) for claim in well]
    return tuple(judged)


def _past(claim: Claim, investigation: Investigation) -> bool:
    """Whether what it tells of is over: its component is well, and neither its events nor its log go on."""
    owner = workload_of(claim.subject.rsplit("/", 1)[-1])
    if claim.line == "cluster":
        return claim.rule in _STATES and is_well(investigation, owner)
    if claim.line not in {"signatures", "logs"} or claim.category in _LASTING:
        return False
    spoke = [quote for quote in claim.evidence if quote.path.startswith("logs/")]
    speakers = {workload_of(log.subject) for log in investigation.logs for quote in spoke if log.path == quote.path}
    if speakers:
        return all(is_well(investigation, one) and is_calm(investigation, one) for one in speakers)
    if _of_gone_pods(claim, investigation):
        return True
    if not is_well(investigation, owner):
        return False
    if claim.category in _OWNED:
        kinds = {one.sight.kind for one in of_workload(investigation, owner)}
        return bool(kinds & {"owner", "job"})
    return all(_EVENT.search(quote.text) and not _event_goes_on(quote.text) for quote in claim.evidence)


def _of_gone_pods(claim: Claim, investigation: Investigation) -> bool:
    """Whether all that shows it are events of pods that others have replaced: what those do says how things are now."""
    pods = {one.sight.name for one in sights(investigation) if one.sight.kind == "pod"}
    there = {workload_of(name) for name in pods}
    named = [[hit["name"] for hit in _POD.finditer(quote.text)] for quote in claim.evidence]
    return all(names and all(name not in pods and workload_of(name) in there for name in names) for names in named)


def _of_a_crash(claim: Claim, claims: Sequence[Claim]) -> Claim:
    """A probe that fails is what a crash looks like from outside: where a container ends by itself, that goes first."""
    if claim.category != "probe-failing":
        return claim
    ends = (one for one in claims if one.rule in _CRASHES and one.subject == claim.subject)
    known = any(one.category != "crash-loop" or one.strength >= EXPLAINED for one in ends)
    return dataclasses.replace(claim, strength=round(claim.strength * SYMPTOM, 4)) if known else claim


def _event_goes_on(line: str) -> bool:
    found = _REPEATED.search(line)
    if found is None or int(found["times"]) < MANY:
        return False
    last, whole = seconds_of(found["last"]), seconds_of(found["whole"])
    return last is not None and whole is not None and last < RHYTHM * (whole - last) / (int(found["times"]) - 1)


def _aside(claim: Claim, asked: Sequence[str], investigation: Investigation) -> bool:
    """Whether it is about another workload, which nothing that was asked about speaks of."""
    if claim.line not in {"cluster", "signatures", "logs"}:
        return False
    owner = workload_of(claim.subject.rsplit("/", 1)[-1])
    if not of_workload(investigation, owner) or any(owner == name or owner.startswith(f"{name}-") for name in asked):
        return False
    if any({owner, name} <= set(edge) for name in asked for edge in investigation.edges):
        return False
    word = re.compile(rf"(?<![\w-]){re.escape(owner)}(?![\w-])")
    own = [line for log in investigation.logs if workload_of(log.subject) in asked for line in log.lines[-400:]]
    described = [
        document.text for document in investigation.kubernetes
        if "describe" in document.path and any(name in document.path for name in asked)
    ]  # fmt: skip
    return not any(word.search(text) for text in (*own, *described))


def _remarks(over: Sequence[Claim]) -> tuple[Statement, ...]:
    return tuple(
        Statement(f"seen, and no cause now: {' '.join(claim.cause.split()[:WORDS])}", claim.evidence[:1])
        for claim in sorted(over, key=lambda claim: -claim.strength)[:REMARKS]
    )
