"""Answers "have we seen this before?" from the diagnosis and the incidents that memory found alike."""

from agent.answers.asking import Question
from agent.answers.citing_quotes import remembered
from agent.answers.root_cause import gaps_of, nothing_wrong, wrongs_of
from agent.domain import Answer, Finding
from agent.domain.diagnosis import Diagnosis
from agent.domain.incident import SimilarIncident


def similar_incidents(question: Question, diagnosis: Diagnosis) -> Answer:
    """The incidents most alike, with what resolved them."""
    if not diagnosis.similar:
        if not wrongs_of(diagnosis):
            return nothing_wrong(question, diagnosis)
        headline = "No incident like this one is remembered."
        return Answer(question=question.text, intent=question.intent, headline=headline, notes=gaps_of(diagnosis))
    count = len(diagnosis.similar)
    return Answer(
        question=question.text,
        intent=question.intent,
        headline="One incident like this one is remembered:" if count == 1 else f"{count} incidents are like this one:",
        findings=tuple(_finding(similar) for similar in diagnosis.similar),
        notes=gaps_of(diagnosis),
    )


def _finding(similar: SimilarIncident) -> Finding:
    incident = similar.incident
    times = "once" if incident.times_seen == 1 else f"{incident.times_seen} times"
    end = f"resolved by: {incident.resolution}" if incident.resolution else f"{incident.state}"
    return Finding(
        rule="similar-incident",
        subject=incident.subject,
        title=f"{incident.title}, {similar.similarity:.0%} alike, seen {times}, "
        f"last at {incident.last_seen_at:%Y-%m-%d %H:%M} UTC; {end}",
        evidence=(remembered(similar),),
        confidence=min(max(similar.similarity, 0.0), 1.0),
    )
