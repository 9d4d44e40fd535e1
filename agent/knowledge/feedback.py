"""What a team said to suggestions, as `agent.ports.FeedbackBook`, in the knowledge base's own database."""

from typing import Final

from agent.domain.suggestion import Feedback
from agent.knowledge.database import Database
from agent.knowledge.rows import feedback_of_row, values_of_feedback

MOST: Final = 10_000
"""The newest so many are read."""


class SqlFeedbackBook:
    """One table of the knowledge base."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add_feedback(self, feedback: Feedback) -> None:
        """Keep it; the same word twice is one."""
        with self._database.writing() as inside:
            inside.run("insert_feedback", **values_of_feedback(feedback))

    def feedback(self) -> tuple[Feedback, ...]:
        """All of it, oldest first."""
        with self._database.reading() as inside:
            rows = inside.rows("all_feedback", limit=MOST)
        return tuple(map(feedback_of_row, rows))
