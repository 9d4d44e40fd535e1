"""Patterns found in an investigation, as claims: each pattern once a text and subject."""

import dataclasses
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from agent.domain.claim import CAUSE_WORDS, Claim, Quote
from agent.domain.investigation import Investigation
from agent.domain.service_state import ServiceState
from agent.normalize.kubernetes.describe import workload_of
from agent.normalize.log_line import document_of, message_of
from agent.rca.known import components_of, named_in
from agent.rca.signatures.literals import Literals, literals_of
from agent.rca.signatures.pattern import Pattern
from agent.rca.standing import is_harmless

TRIES = 300
"""Lines of one text on which a pattern is tried: a literal that stands on every line shows nothing."""
LINE_CHARACTERS = 4000
SEEN_WORDS, LAST_WORDS = 26, 14
"""Of a failure's line, and those of its end: a chain of errors tells its root last."""
VALUE_WORDS, VALUE_CHARACTERS = 12, 160
LONG_LINE = 400
"""Characters from which only what stands around the match is told."""
ASIDE = 0.9
"""What a cause in a component that nobody asked about keeps of its strength."""

COMPLAINS_OF_ANOTHER = frozenset({"dependency-timeout", "dependency-unreachable"})
"""Categories whose fault lies with the component that the line names, where the evidence knows that one."""

SENT_BY_ANOTHER = frozenset({"migration-failed"})
"""Categories of what a server says of a statement: the fault lies with who sent it, where one component alone needs
the server."""

LEAST_NAME = 4
_COMMON = re.compile(
    r"what|when|w[eh]re|with|this|tha?t|the[nymr]e?|from|have|been|will|does|pods?|nodes?|upgrade|failed|cluster|last|"
    r"namespace|services?|deploy(?:ment)?|release|since|after|before|answers|cannot|start|down|slow|errors?|wrong"
)
"""Words of a question that are seldom names."""
SETTLED = 0.4
"""What an event keeps of its strength when the object got over it."""

_PROBE = re.compile(r"\bprobe (?:failed|errored)", re.I)
_READY = re.compile(r"^ +Ready +True *$")
_NAME = re.compile(r"^Name:[ \t]+(\S+)[ \t]*$")
_DESCRIBED = re.compile(r"/describe-[a-z]+-(?P<name>[a-z0-9][a-z0-9.-]*?)\.\w+(?:\.gz)?$")
"""How a file of the bundle is named after the object that it describes."""
_OBJECT = re.compile(
    r"\s(?:pod|deployment|job|replicaset|statefulset|persistentvolumeclaim|node|service|ingress)s?/(\S+)", re.I
)
_LIKE_A_NAME = re.compile(r"[\"']?[a-z0-9](?:[a-z0-9./-]*[a-z0-9])?[\"':,]*$")
_EVENT_OBJECT = re.compile(r"\s(?:Warning|Normal)\s+\w+\s+[a-z][a-z.]*/(\S+)")
_AGE = re.compile(r"(?:\d+[smhdy])+")
_STAMP = re.compile(r"^\W*\d{4}-\d\d-\d\d[T ][\d:.,]+(?:Z|[+-]\d\d:?\d\d)?\W*|^\s*(?:Warning|Normal)\s+")


_NOT_SEEN = re.compile(r"/(?:runbook|deploys|flags|log-patterns|status-feed|stack|runs)\b|\.(?:ya?ml|json)(?:\.gz)?$")
"""Notes that tell of what is usual, of changes or of other things that their own lines of reasoning read."""
_KINDS = re.compile(r"^(?:describe|get|events?|top|lineage|kubectl|helm|argocd|drain|logs?|notes?|output)\b")
"""How a file is named that is no object's."""


@dataclass(frozen=True, slots=True)
class _Text:
    path: str
    subject: str
    lines: Sequence[str]
    described: bool = False


@dataclass(frozen=True, slots=True)
class _Hit:
    pattern: Pattern
    line: str
    match: re.Match[str]
    subject: str
    settled: bool
    speaker: str = ""


def claims_of_patterns(investigation: Investigation, patterns: Sequence[Pattern]) -> tuple[Claim, ...]:
    """The claims of all patterns that match, the strongest first."""
    asked = f"{investigation.title} {investigation.alert}".lower()
    names = components_of(investigation)
    clients = _clients(investigation.services)
    literals = literals_of(tuple(patterns))
    found: dict[tuple[str, str], Claim] = {}
    words = re.findall(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?", asked)
    for text in _texts(investigation):
        for hit in _matches(text, patterns, literals, words):
            claim = _claim(_at_fault(hit, text, names, clients), text, asked)
            known = found.get((claim.rule, claim.subject))
            if known is None or known.strength < claim.strength:
                found[claim.rule, claim.subject] = claim
    return tuple(sorted(found.values(), key=lambda claim: (-claim.strength, claim.rule, claim.subject)))


def _at_fault(hit: _Hit, text: _Text, names: frozenset[str], clients: Mapping[str, str]) -> _Hit:
    """The hit with the component that the line complains of as its subject, where the evidence knows it."""
    if text.described or "subject" in hit.match.groupdict():
        return hit
    other = None
    if hit.pattern.category in COMPLAINS_OF_ANOTHER:
        other = named_in(hit.line, names, but=hit.subject)
    elif hit.pattern.category in SENT_BY_ANOTHER:
        other = clients.get(hit.subject)
    return dataclasses.replace(hit, subject=other, speaker=hit.subject) if other else hit


def _clients(services: Sequence[ServiceState]) -> dict[str, str]:
    """Of each component that one other alone needs, that one."""
    needed = Counter(name for service in services for name in service.needs)
    return {name: service.name for service in services for name in service.needs if needed[name] == 1}


def _texts(investigation: Investigation) -> Iterator[_Text]:
    for log in investigation.logs:
        yield _Text(log.path, log.subject, log.lines)
    for document in investigation.kubernetes:
        yield _Text(document.path, "", document.text.splitlines(), described=True)
    for note in investigation.notes:
        if not _NOT_SEEN.search(note.path):
            yield _Text(note.path, "", note.text.splitlines(), described=True)


def _matches(text: _Text, patterns: Sequence[Pattern], literals: Literals, asked: Sequence[str]) -> Iterator[_Hit]:
    """The first match of each pattern for each subject of the text."""
    done: set[tuple[str, str]] = set()
    tries = {pattern.id: TRIES for pattern in patterns}
    for number, pattern in literals.candidates(text.lines, lambda pattern: tries[pattern.id] > 0):
        line = text.lines[number]
        if pattern.lines > 1:
            line = " ".join(one.strip() for one in text.lines[number : number + pattern.lines])
        tries[pattern.id] -= 1
        match = pattern.regex.search(line[:LINE_CHARACTERS])
        if match is None or (text.described and _asks_itself(pattern, line)):
            continue
        subject = _subject(text, match, line, number)
        if text.described and _KINDS.match(subject):
            subject = _asked_for(text, line, asked) or subject
        if subject and (pattern.id, subject) not in done:
            done.add((pattern.id, subject))
            settled = text.described and _settled(text.lines, number, pattern)
            yield _Hit(pattern, line[:LINE_CHARACTERS], match, subject, settled)
        if not text.described:
            tries[pattern.id] = 0


def _asks_itself(pattern: Pattern, line: str) -> bool:
    """A probe asks the component itself: that it got no answer says nothing of what the component depends on."""
    return pattern.category in COMPLAINS_OF_ANOTHER and _PROBE.search(line) is not None


def _subject(text: _Text, match: re.Match[str], line: str, number: int) -> str:
    named = match.groupdict().get("subject")
    if named:
        return workload_of(named) if text.described else named
    if not text.described:
        return workload_of(text.subject)
    at = _EVENT_OBJECT.search(line) or _OBJECT.search(line)
    if at:
        return workload_of(at[1].strip("\"',:;"))
    for above in range(number, -1, -1):
        found = _NAME.match(text.lines[above])
        if found:
            return workload_of(found[1])
    if _STAMP.match(line) or not line.split() or not _names_something(line.split()[0]):
        described = _DESCRIBED.search(text.path)
        return workload_of(described["name"]) if described else text.path.rsplit("/", 1)[-1].split(".", 1)[0]
    return workload_of(line.split()[0].strip("\"',:"))


def _asked_for(text: _Text, line: str, asked: Sequence[str]) -> str | None:
    """What the question names that stands in the line; else in the whole of a text that names no object itself."""
    for lines in ((line,), text.lines):
        for word in sorted(
            {word for word in asked if len(word) >= LEAST_NAME and not _COMMON.fullmatch(word)}, key=len
        )[::-1]:
            named = re.compile(rf"(?<![\w-]){re.escape(word)}(?![a-z0-9])")
            if any(named.search(one.lower()) for one in lines):
                return word
    return None


def _names_something(word: str) -> bool:
    """Whether an object may be called so: a heading may not, nor how long ago something was."""
    return _LIKE_A_NAME.match(word) is not None and _AGE.fullmatch(word) is None


def _settled(lines: Sequence[str], number: int, pattern: Pattern) -> bool:
    """Whether the object of an event was created, or became ready, in spite of it; a probe may fail now and then."""
    if "FailedCreate" in lines[number]:
        return any("SuccessfulCreate" in line for line in lines[number + 1 :])
    if pattern.category == "probe-failing" or not re.match(r"\s*(?:Warning|Normal)\s", lines[number]):
        return False
    for above in range(number, -1, -1):
        if _NAME.match(lines[above]):
            return False
        if _READY.match(lines[above]):
            return True
    return False


def _claim(hit: _Hit, text: _Text, asked: str) -> Claim:
    pattern, line, match, subject = hit.pattern, hit.line, hit.match, hit.subject
    values = {
        name: " ".join((value or "").split()[:VALUE_WORDS])[:VALUE_CHARACTERS]
        for name, value in match.groupdict().items()
    }
    told = pattern.cause.format_map({**values, "subject": hit.speaker or subject})
    if hit.speaker and pattern.category in COMPLAINS_OF_ANOTHER:
        told = f"{subject} does not serve {hit.speaker}. {told}"
    cause = " ".join(f'{told} Seen: "{_seen(hit)}'.split()[:CAUSE_WORDS]) + '"'
    over = hit.settled or (not text.described and is_harmless(line))
    strength = pattern.strength * (1.0 if subject.lower() in asked else ASIDE) * (SETTLED if over else 1.0)
    return Claim(
        line="signatures",
        rule=pattern.id,
        category=pattern.category,
        subject=subject,
        cause=cause,
        strength=round(strength, 4),
        evidence=(Quote(text.path, line.strip(), "the failure's own words"),),
        confirm=pattern.confirm,
        fixes=pattern.fixes,
    )


def _seen(hit: _Hit) -> str:
    """The failure's words: of a JSON line its message, where that is what failed; without the time at its head."""
    line = hit.line
    document = document_of(line.encode()) if line.startswith("{") else None
    if document is not None and hit.pattern.regex.search(message := message_of(document) or ""):
        line = message
    elif len(line) > LONG_LINE:
        line = line[max(0, hit.match.start() - 60) :]
    words = _STAMP.sub("", line).split()
    if len(words) > SEEN_WORDS:
        words = [*words[: SEEN_WORDS - LAST_WORDS], "...", *words[-LAST_WORDS:]]
    return " ".join(words)
