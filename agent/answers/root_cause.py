"""Answers "what is the root cause?" and "why is app slow?" from the diagnosis."""

from collections.abc import Iterator

from agent.answers.asking import Question
from agent.answers.citing_quotes import finding_of
from agent.domain import Answer
from agent.domain.claim import HEALTHY
from agent.domain.diagnosis import Diagnosis, RankedCause

MOST_CAUSES = 4
_MOST_MOMENTS = 8
_MOST_STATEMENTS = 4


def root_cause(question: Question, diagnosis: Diagnosis) -> Answer:
    """The causes, best first; what speaks against the first and made it worse; the timeline around it."""
    causes = wrongs_of(diagnosis)
    if not causes:
        return nothing_wrong(question, diagnosis)
    return Answer(
        question=question.text,
        intent=question.intent,
        headline=_headline(causes),
        findings=tuple(finding_of(cause) for cause in causes[:MOST_CAUSES]),
        notes=(*_notes(causes, diagnosis), *gaps_of(diagnosis)),
    )


def wrongs_of(diagnosis: Diagnosis) -> tuple[RankedCause, ...]:
    """The causes of a failure; a finding that all is well is none."""
    return tuple(cause for cause in diagnosis.findings if cause.claim.category != HEALTHY)


def nothing_wrong(question: Question, diagnosis: Diagnosis) -> Answer:
    """What is said to any question about a cause where there is none."""
    headline = "Nothing wrong was found in what was seen."
    return Answer(question=question.text, intent=question.intent, headline=headline, notes=gaps_of(diagnosis))


def gaps_of(diagnosis: Diagnosis) -> tuple[str, ...]:
    """What could not be seen, as notes."""
    return tuple(f"Not seen: {gap}" for gap in diagnosis.gaps)


def _headline(causes: tuple[RankedCause, ...]) -> str:
    first, claim = causes[0], causes[0].claim
    sure = "is" if first.confidence >= 0.8 else "is most likely" if first.confidence >= 0.5 else "may be"
    files = f" ({', '.join(claim.files[:2])})" if claim.files else ""
    commit = f", by commit {claim.commit[:12]}" if claim.commit and claim.commit != "none" else ""
    return f"The root cause {sure} {claim.category} of {claim.subject}{files}{commit}:"


def _notes(causes: tuple[RankedCause, ...], diagnosis: Diagnosis) -> Iterator[str]:
    for cause in causes[:1]:
        against = (*cause.claim.against, *cause.against)
        yield from (f"Against it: {one.text}" for one in against[:_MOST_STATEMENTS])
    yield from (f"Made it possible or worse: {one.text}" for one in diagnosis.contributing[:_MOST_STATEMENTS])
    for moment in diagnosis.timeline[:_MOST_MOMENTS]:
        yield f"{moment.at:%Y-%m-%d %H:%M:%S} UTC  {moment.text}"
