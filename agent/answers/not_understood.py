"""Answers what was not understood: by saying so, and what can be asked."""

from agent.answers.asking import EXAMPLES, Question
from agent.domain import Answer
from agent.timeline import Timeline


def not_understood(question: Question, _timeline: Timeline) -> Answer:
    """No claim; the questions that can be asked."""
    service = (question.subjects or question.services or ("app",))[-1]
    return Answer(
        question=question.text,
        intent=question.intent,
        headline="I did not understand the question.",
        notes=("You can ask: " + " | ".join(example.format(service=service) for example in EXAMPLES),),
    )
