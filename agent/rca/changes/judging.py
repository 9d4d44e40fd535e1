"""How well each commit explains the symptoms."""

import re
from dataclasses import dataclass
from itertools import pairwise

from agent.domain.change import Commit
from agent.domain.investigation import Investigation
from agent.rca.changes.around import AROUND
from agent.rca.changes.diffs import Change, change_of, place_of
from agent.rca.changes.mechanisms import MECHANISMS, Mechanism, pattern
from agent.rca.changes.missing_names import missed_names, taken_away
from agent.rca.changes.symptoms import Symptom, first_match

BY_NAME = 0.85
"""The failure says the very name that the diff takes away."""
NAME_TAKEN_AWAY = Mechanism(
    "name-taken-away", "code-defect", lambda change: iter(()), pattern("(?!)"), "takes away a name that is still used"
)
MECHANISM, WEAK_MECHANISM, IN_TRACE, SAME_WORDS, DEPLOYED = 0.6, 0.4, 0.3, 0.15, 0.05
_INERT = re.compile(r"(?:^|/)(?:tests?|docs?|testdata|\.github)/|[_.](?:test|spec)\.|\.md$|CODEOWNERS", re.IGNORECASE)
_WORD = re.compile(r"[A-Z]?[a-z]{4,}|[A-Z]{4,}")
_COMMON = frozenset(
    {"return", "const", "func", "function", "string", "error", "public", "private", "default", "value", "config"}
    | {"time", "second", "minute", "context", "service", "response", "request", "result", "this", "with", "from"}
    | {"null", "none", "true", "false", "async", "await", "item", "items", "name"}
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """One commit's score, with the mechanism, the line of its diff and the symptom that make it."""

    commit: Commit
    score: float
    mechanism: Mechanism | None
    line: str
    symptom: Symptom

    @property
    def place(self) -> str:
        """The changed line as file:line, where the stack trace or the mechanism points to one."""
        tails = "|".join(re.escape("/".join(name.split("/")[-2:])) for name in self.commit.files) or "(?!)"
        framed = re.search(rf"(?P<file>{tails})(?::|\", line |\()(?P<line>\d{{1,7}})", self.symptom.text)
        near = (framed["file"], int(framed["line"])) if framed else None
        return place_of(self.commit.diff or "", self.line, near)


def verdicts_of(investigation: Investigation, symptoms: tuple[Symptom, ...]) -> list[Verdict]:
    """The commits made before the alert that explain something, the best first."""
    missed = missed_names(investigation)
    found = [
        verdict
        for commit in investigation.commits
        if investigation.alert_at is None or commit.at <= investigation.alert_at
        if (verdict := _verdict(commit, investigation, symptoms, missed)) is not None
    ]
    return sorted(found, key=lambda verdict: (-verdict.score, -verdict.commit.at.timestamp(), verdict.commit.sha))


def _verdict(
    commit: Commit, investigation: Investigation, symptoms: tuple[Symptom, ...], missed: dict[str, Symptom]
) -> Verdict | None:
    if commit.files and all(_INERT.search(name) for name in commit.files):
        return None
    trace = _in_trace(commit, symptoms)
    change = change_of(commit.diff or "")
    deployed = DEPLOYED * any(deploy.sha == commit.sha for deploy in investigation.deploys)
    best: Verdict | None = None
    if (named := taken_away(change, missed)) is not None:
        best = Verdict(commit, BY_NAME + deployed, NAME_TAKEN_AWAY, *named)
    for mechanism in (*MECHANISMS, *AROUND):
        symptom = first_match(symptoms, mechanism.seen)
        line = next(iter(mechanism.lines(change)), None)
        if symptom is None or line is None:
            continue
        score = WEAK_MECHANISM if mechanism.weak else MECHANISM
        score += SAME_WORDS * _shares_words(change, symptoms) + IN_TRACE * (trace is not None) + deployed
        if best is None or score > best.score:
            best = Verdict(commit, score, mechanism, line, trace or symptom)
    if best is None and trace is not None:
        line = next(iter((*change.removed, *change.added)), "")
        best = Verdict(commit, MECHANISM + deployed, None, line, trace)
    return best


def _in_trace(commit: Commit, symptoms: tuple[Symptom, ...]) -> Symptom | None:
    """The symptom that names a changed file with a line of it, as stack traces do."""
    for name in commit.files:
        tail = "/".join(name.split("/")[-2:])
        pattern = re.compile(rf"{re.escape(tail)}(?::|\", line |\()\d+")
        if (hit := first_match(symptoms, pattern)) is not None:
            return hit
    return None


def _shares_words(change: Change, symptoms: tuple[Symptom, ...]) -> bool:
    """Whether two words that stand together in a changed line stand together in a symptom too."""
    pairs = {
        pair
        for line in (*change.removed, *change.added)
        for pair in pairwise(word.lower() for word in _WORD.findall(line) if word.lower() not in _COMMON)
    }
    return any(
        pair in pairs
        for symptom in symptoms
        for pair in pairwise(word.lower() for word in _WORD.findall(symptom.text) if word.lower() not in _COMMON)
    )
