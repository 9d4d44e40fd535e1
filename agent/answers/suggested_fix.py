"""Answers "how do I fix it?" from the diagnosis; it never applies anything."""

from collections.abc import Iterator

from agent.answers.asking import Question
from agent.answers.citing_quotes import finding_of
from agent.answers.root_cause import gaps_of, nothing_wrong, wrongs_of
from agent.domain import Answer
from agent.domain.diagnosis import Diagnosis, RankedCause
from agent.domain.fix import Fix, PatchFix

_MOST = 4


def suggested_fix(question: Question, diagnosis: Diagnosis) -> Answer:
    """What may help against the first cause, best first, with its risk and how often it helped."""
    causes = wrongs_of(diagnosis)
    if not causes:
        return nothing_wrong(question, diagnosis)
    first = causes[0]
    told = tuple(_told(first, diagnosis))
    return Answer(
        question=question.text,
        intent=question.intent,
        headline=f"Against {first.claim.category} of {first.claim.subject}:"
        if told
        else "No fix is known for this cause:",
        findings=(finding_of(first),),
        notes=(*told, *gaps_of(diagnosis)),
    )


def _told(cause: RankedCause, diagnosis: Diagnosis) -> Iterator[str]:
    for number, fix in enumerate(cause.fixes[:_MOST], start=1):
        yield f"{number}. {fix.title}: {fix.why} ({_manner(fix)}{_record(fix, diagnosis)})"
    if cause.fixes:
        yield "Nothing is applied without your yes: `blissful-infra fix show` shows each whole."
    elif cause.claim.fix:
        yield cause.claim.fix


def _manner(fix: Fix) -> str:
    how = "a diff" if isinstance(fix.action, PatchFix) else f"the playbook {fix.action.playbook}"
    drafted = ", drafted by a model" if fix.by_model else ""
    return f"{how}{drafted}, risk {fix.risk}, {'can' if fix.reversible else 'cannot'} be undone"


def _record(fix: Fix, diagnosis: Diagnosis) -> str:
    rates = [rate for rate in diagnosis.rates if rate.fix_id == fix.id]
    tried, resolved = sum(rate.tried for rate in rates), sum(rate.resolved for rate in rates)
    return f", resolved {resolved} of {tried}" if tried else ""
