"""The question was about a workload, and all that was seen of it is well now.

A weak claim by itself: what another line found goes before it, unless that turns out to be the past or another's
trouble (`agent.rca.settling`). Without it an answer could not tell "I looked, and it is fine" from "I saw nothing".
"""

import re

from agent.domain.claim import HEALTHY, Claim
from agent.domain.investigation import Investigation
from agent.rca.standing import Seen, asked_of, is_calm, is_well, logs_of, of_workload, sights

NAMED = 3
QUOTES = 4
ASKS, TELLS = 1.0, 0.4
"""How strongly it is held when somebody asks whether all is well, and when somebody tells of a symptom."""
SEEN_LEAST, SEEN_EACH = 0.55, 0.15
"""What remains of it where only a pod's line was seen, and what each side adds: its owner, its log, its events."""
UNHEARD = 0.5
"""What remains against a symptom when no log of it was seen: a pod may be ready and fail at what it is there for."""
RESTARTED = 0.5
"""And when a container of it ended before, for a reason that was not seen."""
UNSEEN_NEED = 0.5
"""What remains while something that it calls was not seen."""
_EVENTS = re.compile(r"^Events:|^LAST SEEN\s|\s(?:Normal|Warning)\s", re.MULTILINE)
_NAMESPACE = re.compile(r"\bnamespace ([a-z0-9](?:[a-z0-9-]*[a-z0-9])?)\b")
_ALL = re.compile(r"\b(?:any|some|every)thing\b(?![^.?!]*\b(?:with|to|about)\b)", re.IGNORECASE)
_WHETHER = re.compile(r"\b(?:is|are|was|were|does|do|did|can|could|has|have)\b[^.?!]*\?", re.IGNORECASE)


def claims_of_health(investigation: Investigation) -> tuple[Claim, ...]:
    """One claim when all that was asked about was seen, and is well: ready, or done, and its logs end in no failure."""
    asked = asked_of(investigation) or _everything(investigation)
    if not asked or not all(is_well(investigation, name) and is_calm(investigation, name) for name in asked):
        return ()
    whether = _WHETHER.search(f"{investigation.title}. {investigation.alert}") is not None
    named = asked_of(investigation)
    if not named and not whether:
        return ()  # a symptom of something that was not seen says nothing about what was
    seen = [one for name in (named[:1] or asked) for one in of_workload(investigation, name)]
    if not whether and all(one.sight.kind == "service" for one in seen):
        return ()  # that a process answers says little against a symptom somebody saw
    if seen and all(one.sight.empty for one in seen):
        return ()  # nothing was to run
    sides = min(_sides(investigation, name) for name in asked)
    subject = named[0] if named else _namespace(investigation) or asked[0]
    strength = (ASKS if whether else TELLS) * (SEEN_LEAST + SEEN_EACH * sides)
    unheard = [name for name in asked if not _has_log(investigation, name)]
    gaps = [f"the log of {name}: kubectl logs deploy/{name}" for name in unheard if investigation.kubernetes]
    if not whether:
        strength *= UNHEARD if unheard else 1.0
        strength *= RESTARTED if any(one.sight.restarts for one in seen) else 1.0
    needs = _unseen_needs(investigation, asked)
    if needs:
        strength *= UNSEEN_NEED
        gaps.append(f"whether what it calls is well: {', '.join(needs[:NAMED])}")
    return (_claim(subject, seen, round(strength, 4), tuple(gaps)),)


def _unseen_needs(investigation: Investigation, asked: tuple[str, ...]) -> list[str]:
    """What the asked ones call, and of which neither a state nor a log nor a metric was seen."""
    measured = {one.subject for one in investigation.series}
    called = sorted({callee for caller, callee in investigation.edges if caller in asked and callee not in asked})
    return [
        name
        for name in called
        if name not in measured and not of_workload(investigation, name) and not _has_log(investigation, name)
    ]


def _everything(investigation: Investigation) -> tuple[str, ...]:
    """All workloads and services that were seen, where the question is whether anything at all is wrong."""
    if not _ALL.search(f"{investigation.title}. {investigation.alert}"):
        return ()
    return tuple(dict.fromkeys(one.sight.workload for one in sights(investigation)))


def _namespace(investigation: Investigation) -> str:
    found = _NAMESPACE.search(f"{investigation.title} {investigation.alert}")
    return found[1] if found else ""


def _sides(investigation: Investigation, workload: str) -> int:
    """From how many sides it was seen beside its pods."""
    seen = of_workload(investigation, workload)
    owner = any(one.sight.kind != "pod" for one in seen)
    log = _has_log(investigation, workload)
    names = {one.sight.name for one in seen}
    told = (document.text for document in investigation.kubernetes if _EVENTS.search(document.text))
    return owner + log + any(any(name in text for name in names) for text in told)


def _has_log(investigation: Investigation, workload: str) -> bool:
    return any(log.lines for log in logs_of(investigation, workload))


def _claim(workload: str, seen: list[Seen], strength: float, gaps: tuple[str, ...]) -> Claim:
    good = [one for one in seen if one.sight.well]
    names = sorted({one.sight.name for one in good if one.sight.kind == "pod"} or {one.sight.name for one in good})
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    restarts = max((one.sight.restarts for one in good), default=0)
    over = f"; {restarts} restart{'s' * (restarts > 1)} before, none since" if restarts else ""
    evidence = {(one.quote.path, one.quote.text): one.quote for one in sorted(good, key=_telling)}
    return Claim(
        line="health",
        rule="all-is-well",
        category=HEALTHY,
        subject=workload,
        cause=f"{workload} seems healthy, no issue was found: {', '.join(names[:NAMED])}{more} {_state(good)}{over}.",
        strength=strength,
        evidence=tuple(evidence.values())[:QUOTES],
        gaps=gaps,
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
