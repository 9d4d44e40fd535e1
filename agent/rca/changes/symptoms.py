"""What went wrong, in the words of the evidence: the alert, and the log lines that complain, each kind once."""

import re
from dataclasses import dataclass

from agent.domain.investigation import Investigation

_COMPLAINS = re.compile(
    r"error|warn|panic|fatal|exception|critical|traceback|slow|time[d -]?out|exhaust|expire|evict|throttl|pressure|"
    r"miss|denied|refused|not found|fail|retry|deadlock|oom|killed|exceed|degrad|outage",
    re.IGNORECASE,
)
_VARIABLE = re.compile(r"[0-9a-f]{8,}|\d+")
KINDS = 400
LONGEST = 600


@dataclass(frozen=True, slots=True)
class Symptom:
    """A line that complains; `path` is its file, empty for the alert, which cannot be quoted."""

    path: str
    text: str


def symptoms_of(investigation: Investigation) -> tuple[Symptom, ...]:
    """The alert first, then the complaining lines of logs and notes in their order, the first of each kind."""
    found = {"": Symptom("", f"{investigation.title} {investigation.alert}")}
    sources = [(log.path, log.lines) for log in investigation.logs]
    sources += [(note.path, tuple(note.text.split("\n"))) for note in investigation.notes if "runbook" not in note.path]
    for path, lines in sources:
        for line in lines:
            if len(found) > KINDS:
                break
            if _COMPLAINS.search(line):
                found.setdefault(_VARIABLE.sub("#", line), Symptom(path, line.strip()[:LONGEST]))
    return tuple(found.values())


def first_match(symptoms: tuple[Symptom, ...], pattern: re.Pattern[str]) -> Symptom | None:
    """The first symptom with the pattern that can be quoted, else the alert if that has it."""
    hits = [symptom for symptom in symptoms if pattern.search(symptom.text)]
    return next((symptom for symptom in hits if symptom.path), hits[0] if hits else None)
