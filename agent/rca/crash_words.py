"""A crash and the words of its log are one cause: the one that tells why also names the container that ends."""

import dataclasses
from collections.abc import Sequence

from agent.domain.claim import CAUSE_WORDS, Claim

_SEEN = ' Seen: "'
_LOG_SAYS = " Its log says:"


def with_crashes(claims: Sequence[Claim]) -> tuple[Claim, ...]:
    """The claims, those of a log's own words with the crash of the container that wrote them."""
    crashes = [claim for claim in claims if claim.rule == "container-crashes"]
    return tuple(_with(claim, crashes) for claim in claims)


def _with(claim: Claim, crashes: Sequence[Claim]) -> Claim:
    paths = {quote.path for quote in claim.evidence if quote.path.startswith("logs/")}
    if claim.line != "signatures" or not paths:
        return claim
    for crash in crashes:
        if crash.subject == claim.subject and paths & {quote.path for quote in crash.evidence}:
            told, seen, words = claim.cause.partition(_SEEN)
            ends = crash.cause.partition(_LOG_SAYS)[0].partition(";")[0].rstrip(".")
            cause = " ".join(f"{told} {ends}.{seen}{words}".split()[:CAUSE_WORDS])
            closed = cause if cause.count('"') % 2 == 0 else f'{cause}"'
            return dataclasses.replace(claim, cause=closed, evidence=(*claim.evidence, *crash.evidence[:1]))
    return claim
