"""Answers "what would confirm it?" from the diagnosis: what speaks for and against, and what would settle it."""

from collections.abc import Iterator

from agent.answers.asking import Question
from agent.answers.citing_quotes import finding_of
from agent.answers.root_cause import gaps_of, nothing_wrong, wrongs_of
from agent.domain import Answer
from agent.domain.diagnosis import Diagnosis, RankedCause

_RIVALS = 2


def what_would_confirm(question: Question, diagnosis: Diagnosis) -> Answer:
    """The first cause with its commands, and its rivals."""
    causes = wrongs_of(diagnosis)
    if not causes:
        return nothing_wrong(question, diagnosis)
    first = causes[0]
    told = tuple(_settling(first))
    return Answer(
        question=question.text,
        intent=question.intent,
        headline=f"{first.claim.category} of {first.claim.subject} is {first.confidence:.0%} sure"
        + ("; this would settle it:" if told else "; nothing more to look at is known:"),
        findings=tuple(finding_of(cause) for cause in causes[: 1 + _RIVALS]),
        notes=(*told, *_absent(diagnosis), *_weighed(first), *gaps_of(diagnosis)),
    )


def _settling(cause: RankedCause) -> Iterator[str]:
    yield from (f"Look at: `{command}`" for command in cause.claim.confirm)
    yield from (f"Missing: {one.what}" + (f" (`{one.command}`)" if one.command else "") for one in cause.missing)


def _absent(diagnosis: Diagnosis) -> Iterator[str]:
    if absent := [part.name for part in diagnosis.sources if not part.records]:
        yield f"Not looked at, because there was none: {', '.join(absent)}."


def _weighed(cause: RankedCause) -> Iterator[str]:
    yield from (f"For it: {one.text}" for one in (*cause.claim.supports, *cause.supports))
    yield from (f"Against it: {one.text}" for one in (*cause.claim.against, *cause.against))
