"""A suspect of the logs in words, with the line that shows it."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime

from agent.domain.claim import CAUSE_WORDS, Claim, Quote
from agent.rca.logs.weighing import Suspect

SEEN_WORDS = 22
QUOTED = 400


_ERROR = re.compile(r"(?:[\w.$]+\.)?(?P<error>\w*(?:Exception|Error)\b(?:: .{1,90})?|panic: .{1,90})")


def claim_of(suspect: Suspect, share: float) -> Claim:
    """The claim; `share` is the suspect's part of all that is new in the logs."""
    _, worst = suspect.complaints[0]
    own = worst.subject == suspect.service
    since = datetime.fromtimestamp(worst.at or 0.0, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    seen = " ".join(worst.template.split()[:SEEN_WORDS])
    who = f"{suspect.service} began to log" if own else f"{worst.subject} began to complain of {suspect.service}:"
    often = f"{worst.count} times since {since}, {worst.before or 'never'} before"
    told = f'{who} "{seen}" ({often})'
    if worst.frame and own:
        error = _error_in([worst.first, *worst.trace])
        told = f"{suspect.service} fails in {worst.frame}{' with ' + error if error else ''}: {told}"
    quotes = [Quote(worst.path, worst.first.strip()[:QUOTED], "the complaint, the first since onset")]
    if worst.frame_line.strip():
        quotes.append(Quote(worst.path, worst.frame_line.strip()[:QUOTED], "the line of code"))
    return Claim(
        line="logs",
        rule="new-stack-trace" if worst.frame and own else "new-complaint" if own else "complained-of",
        category="application-error" if worst.frame and own else "request-errors",
        subject=suspect.service,
        cause=" ".join(told.split()[:CAUSE_WORDS]),
        strength=min(1.0, share),
        evidence=tuple(quotes),
        files=(worst.frame,) if worst.frame and own else (),
    )


def _error_in(lines: Iterable[str]) -> str:
    """The error's own name and words; Python writes them last, the others first."""
    found = [match["error"].strip() for line in lines if (match := _ERROR.search(line[:1000])) is not None]
    return next((one for one in found if ": " in one), found[0] if found else "")
