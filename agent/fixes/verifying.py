"""What a fix did, judged by looking again: the same cause gone or still there, and whether new ones came."""

from collections.abc import Iterable
from dataclasses import dataclass

from agent.domain.claim import HEALTHY, Claim
from agent.domain.diagnosis import Diagnosis
from agent.domain.fix import Result
from agent.fixes.telling import subject_name

SURE = 0.5
"""The confidence from which another cause counts; a weaker one is there on many a good day."""


@dataclass(frozen=True, slots=True)
class LookedAgain:
    """What was found afterwards, and whether anything was seen of what runs: commits alone show no health."""

    diagnosis: Diagnosis
    saw_it_run: bool


def result_of(cause: Claim, known: Iterable[Claim], after: LookedAgain) -> tuple[Result, str]:
    """The result and a sentence that says what it rests on. `known` are all causes that were seen before the fix.

    Where nothing could be seen again, nothing is known: `NOT_RUN`.
    """
    if not after.saw_it_run:
        return Result.NOT_RUN, "nothing could be seen of what runs, so nothing is known"
    found = [one for one in after.diagnosis.findings if one.claim.category != HEALTHY]
    before = {_key(claim) for claim in known} | {_key(cause)}
    still = any(_key(one.claim) == _key(cause) for one in found)
    new = [one.claim for one in found if _key(one.claim) not in before and one.confidence >= SURE]
    rest = [one.claim for one in found if _key(one.claim) in before - {_key(cause)} and one.confidence >= SURE]
    if still and new:
        return Result.WORSE, f"it is still there, and new: {new[0].cause}"
    if still:
        return Result.FAILED, "the same cause is still found"
    if new or rest:
        return Result.PARTIAL, f"it is gone; still found: {(new or rest)[0].cause}"
    return Result.RESOLVED, "looked again, and it is gone"


def _key(claim: Claim) -> tuple[str, str]:
    return claim.category, subject_name(claim)
