"""A name that the failing code asks for, and that a commit took away: renamed here, still used there."""

import re

from agent.domain.investigation import Investigation
from agent.rca.changes.diffs import Change, is_comment
from agent.rca.changes.symptoms import Symptom

_MISSED = re.compile(
    r"has no attribute '(?P<attribute>\w{3,80})'|name '(?P<name>\w{3,80})' is not defined|"
    r"cannot import name '(?P<imported>\w{3,80})'|\b(?P<js>[A-Za-z_$][\w$]{2,80}) is not (?:defined|a function)\b|"
    r"\bundefined: (?P<go>\w{3,80})\b|[Uu]nresolved reference:? '?(?P<kotlin>\w{3,80})|"
    r"symbol: +(?:variable|method|class) (?P<java>\w{3,80})|"
    r"undefined (?:local variable or )?method [`'](?P<ruby>\w{3,80})"
)
_BEGINS = re.compile(r'\\n|":"')
"""Where a passage begins inside of a JSON line: after a line break, or with a value."""
_NEAR = 200
MOST = 20
"""So many names are held against the changes."""
LINES = 50_000
"""So many lines of a log are searched, the last ones."""


def missed_names(investigation: Investigation) -> dict[str, Symptom]:
    """The names that logs say are not there, each with the passage that says so; lines are searched to their ends."""
    found: dict[str, Symptom] = {}
    for log in investigation.logs:
        for line in filter(_may_say_so, log.lines[-LINES:]):
            for hit in _MISSED.finditer(line) if len(found) < MOST else ():
                name = next(text for text in hit.groups() if text)
                before = _BEGINS.split(line[max(0, hit.start() - _NEAR) : hit.start()])[-1]
                found.setdefault(name, Symptom(log.path, (before + hit[0]).strip()))
    return found


def _may_say_so(line: str) -> bool:
    """A look that is much faster than the pattern's, which few lines get past."""
    return (
        "has no attribute" in line
        or "not defined" in line
        or "import name" in line
        or "not a function" in line
        or "undefined" in line
        or "nresolved reference" in line
        or "symbol:" in line
    )


def taken_away(change: Change, missed: dict[str, Symptom]) -> tuple[str, Symptom] | None:
    """The line that had a missed name and is gone, with the symptom; where the name came back, it is only moved."""
    for name, symptom in missed.items():
        word = re.compile(rf"\b{re.escape(name)}\b")
        if any(word.search(line) for line in change.after):
            continue
        gone = next((line for line in change.removed if word.search(line) and not is_comment(line)), None)
        if gone is not None:
            return gone, symptom
    return None
