"""Pure judgement for questions: a timeline or a diagnosis in, an `Answer` out, one file per kind of question.

Belongs here: recognising what is asked, and answering it from events alone, each claim with the events it rests on.
Does not belong here: collecting, models, rendering for a terminal. What the events do not show is not said.
"""

from agent.answers.asking import Intent, Question, understood
from agent.answers.not_understood import not_understood
from agent.answers.recent_logs import recent_logs
from agent.answers.root_cause import root_cause
from agent.answers.similar_incidents import similar_incidents
from agent.answers.suggested_fix import suggested_fix
from agent.answers.what_changed import what_changed
from agent.answers.what_failed import what_failed
from agent.answers.what_would_confirm import what_would_confirm
from agent.answers.why_not_ready import why_not_ready

DIAGNOSED = {
    Intent.ROOT_CAUSE: root_cause,
    Intent.SUGGESTED_FIX: suggested_fix,
    Intent.WHAT_WOULD_CONFIRM: what_would_confirm,
    Intent.SIMILAR_INCIDENTS: similar_incidents,
}
"""The questions that a diagnosis answers, and the function of `(Question, Diagnosis)` that does."""

ANSWERS = {
    Intent.RECENT_LOGS: recent_logs,
    Intent.WHAT_FAILED: what_failed,
    Intent.WHY_NOT_READY: why_not_ready,
    Intent.WHAT_CHANGED: what_changed,
    Intent.NOT_UNDERSTOOD: not_understood,
}
"""The other questions, and the function of `(Question, Timeline)` that answers it."""

__all__ = ["ANSWERS", "DIAGNOSED", "Intent", "Question", "understood"]
