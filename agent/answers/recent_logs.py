"""Answers "show me recent logs"."""

from agent.answers.asking import Question
from agent.domain import Answer
from agent.timeline import Timeline


def recent_logs(question: Question, timeline: Timeline) -> Answer:
    """The newest log entries, of the services named or of all, as bad as asked for."""
    entries = timeline.of_kind("log")
    if question.subjects:
        entries = Timeline(tuple(event for event in entries if event.subject in question.subjects))
    if question.severity:
        entries = entries.at_least(question.severity)
    shown = entries.last(question.count)
    return Answer(
        question=question.text,
        intent=question.intent,
        headline=_headline(question, len(shown)),
        events=shown.events,
        notes=() if shown.events else ("`blissful-infra status` tells whether the stack runs.",),
    )


def _headline(question: Question, count: int) -> str:
    of = f" of {', '.join(question.subjects)}" if question.subjects else ""
    bad = f" at level {question.severity} or worse" if question.severity else ""
    match count:
        case 0:
            return f"There are no log entries{of}{bad} in what was seen."
        case 1:
            return f"Here is the only log entry{of}{bad}:"
        case _ if count < question.count:
            return f"Here are all {count} log entries{of}{bad}:"
    return f"Here are the last {count} log entries{of}{bad}:"
