"""What a team said to suggestions, as `agent.ports.FeedbackBook`, in the knowledge base's own database."""

import hashlib
from typing import Final

from agent.domain.suggestion import Feedback, Verdict
from agent.knowledge.database import Database
from agent.knowledge.rows import storable, text_of, time_of

MOST: Final = 10_000
"""The newest so many are read."""


class SqlFeedbackBook:
    """One table of the knowledge base."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add_feedback(self, feedback: Feedback) -> None:
        """Keep it; the same word twice is one."""
        values = {
            "project": storable(feedback.project),
            "suggestion_id": storable(feedback.suggestion_id),
            "rule": storable(feedback.rule),
            "verdict": feedback.verdict.value,
            "reason": storable(feedback.reason),
            "at": text_of(feedback.at),
        }
        key = hashlib.blake2b("\0".join(values.values()).encode(), digest_size=12).hexdigest()
        with self._database.writing() as inside:
            inside.run("insert_feedback", key=key, **values)

    def feedback(self) -> tuple[Feedback, ...]:
        """All of it, oldest first."""
        with self._database.reading() as inside:
            rows = inside.rows("all_feedback", limit=MOST)
        return tuple(
            Feedback(
                project=project,
                suggestion_id=number,
                rule=rule,
                verdict=Verdict(verdict),
                reason=reason,
                at=time_of(at),
            )
            for project, number, rule, verdict, reason, at in rows
        )
