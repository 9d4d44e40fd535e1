"""Where no line of reasoning found anything: what a table shows not to be well, so that a look is not taken for none.

It tells what is seen, and why only as far as the one word of the table goes.
"""

from agent.domain.claim import Claim, Quote
from agent.domain.investigation import Investigation
from agent.normalize.kubernetes.sights import Sight
from agent.rca.standing import Seen, asked_of, is_well, logs_of, sights

STRENGTH, ASIDE = 0.3, 0.2
MOST = 3
LAST, SHORTEST, WORDS = 20, 8, 20
_CATEGORIES = {
    "CrashLoopBackOff": "crash-loop",
    "Error": "crash-loop",
    "ImagePullBackOff": "image-pull",
    "ErrImagePull": "image-pull",
    "InvalidImageName": "image-pull",
    "OOMKilled": "oom-killed",
    "CreateContainerConfigError": "configuration-missing",
    "Evicted": "node-pressure",
}


def claims_of_last_resort(investigation: Investigation) -> tuple[Claim, ...]:
    """One claim a workload that is not well, those that the question names first."""
    asked = asked_of(investigation)
    bad: dict[str, Seen] = {}
    for one in sights(investigation):
        workload = one.sight.workload
        if one.sight.well or one.sight.kind == "service" or is_well(investigation, workload):
            continue
        if workload not in bad or (one.sight.state and not bad[workload].sight.state):
            bad[workload] = one
    order = sorted(bad, key=lambda name: (name not in asked, name))
    return tuple(
        _claim(name, bad[name], STRENGTH if name in asked else ASIDE, _last_line(investigation, name))
        for name in order[:MOST]
    )


def _last_line(investigation: Investigation, workload: str) -> Quote | None:
    """What its log ends with."""
    for log in logs_of(investigation, workload):
        lines = [line.strip() for line in log.lines[-LAST:] if len(line.strip()) >= SHORTEST]
        if lines:
            return Quote(log.path, lines[-1][:300], "what its log ends with")
    return None


def _claim(workload: str, one: Seen, strength: float, said: Quote | None) -> Claim:
    ends = f' Its log ends with: "{" ".join(said.text.split()[:WORDS])}".' if said else ""
    category = _CATEGORIES.get(one.sight.state.removeprefix("Init:"))
    return Claim(
        line="cluster",
        rule="not-well",
        category=category or ("rollout-stuck" if one.sight.kind == "owner" else "unknown"),
        subject=workload,
        cause=f"{workload} is not well, nothing that was seen says why: {_told(one.sight)}.{ends}",
        strength=strength,
        evidence=(one.quote, said) if said else (one.quote,),
        confirm=(
            f"kubectl describe {'pod ' + one.sight.name if one.sight.kind == 'pod' else 'deployment ' + workload}",
        ),
    )


def _told(sight: Sight) -> str:
    what = {"pod": "pod", "job": "job"}.get(sight.kind, "its pods:")
    return f'{what} {sight.name} {sight.state or "is not as wished"}, "{" ".join(sight.text.split()[:8])}"'
