"""A suspect of the traces in words, with the span that shows it."""

from agent.domain.claim import Claim, Quote
from agent.domain.investigation import Investigation
from agent.domain.telemetry import Span
from agent.rca.traces.weighing import Suspect

MAX_CHARACTERS = 400


def claim_of(suspect: Suspect, share: float, investigation: Investigation) -> Claim | None:
    """The claim; `None` where the span's line is not found. `share` is the suspect's part of all that is off."""
    span = suspect.worst.span
    quote = _quote(span, investigation)
    if quote is None:
        return None
    if suspect.between:
        told = (
            f"Calls from and to {suspect.service} lose time on the way: {suspect.worst.own_ms:.4g} ms in "
            f"{span.operation} of {span.service}, usually {suspect.usual_ms:.4g} ms, "
            f"in {suspect.count} of {suspect.of} calls."
        )
    elif suspect.slow:
        told = (
            f"{span.service} takes longer by itself: {span.operation} spent {suspect.worst.own_ms:.4g} ms of its own, "
            f"usually {suspect.usual_ms:.4g} ms, in {suspect.count} of {suspect.of} spans."
        )
    else:
        error = " ".join(span.attributes.get("error", "").split()[:20])
        told = (
            f"Errors begin in {suspect.service}: {suspect.count} of {suspect.of} spans fail and none they called does"
        )
        told += f" ({span.operation}: {error})." if error else f" ({span.operation})."
    return Claim(
        line="traces",
        rule="on-the-way" if suspect.between else "own-time" if suspect.slow else "first-error",
        category="added-latency" if suspect.slow else "request-errors",
        subject=suspect.service,
        cause=" ".join(told.split()[:60]),
        strength=share,
        evidence=(quote,),
    )


def _quote(span: Span, investigation: Investigation) -> Quote | None:
    """The span's line as it stands in the file, from its start."""
    for document in investigation.records:
        if not document.path.startswith("traces/"):
            continue
        at = document.text.find(f'"{span.span_id}"')
        while at >= 0:
            start = document.text.rfind("\n", 0, at) + 1
            end = document.text.find("\n", at)
            line = document.text[start : end if end >= 0 else None]
            if f'"{span.trace_id}"' in line and f'"{span.service}"' in line:
                return Quote(document.path, line.strip()[:MAX_CHARACTERS], f"{span.operation} of {span.service}")
            at = document.text.find(f'"{span.span_id}"', max(end, at + 1))
    return None
